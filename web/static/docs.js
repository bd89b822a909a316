// Shows the OpenAPI document with Swagger UI, which comes with an installed package.
const place = document.querySelector("#document");

const readable = ({ React: { createElement } }) => ({
  wrapComponents: {
    // A route's name is a link in the button that opens it: one thing to press in another.
    DeepLink: () => ({ text }) => createElement("span", null, text),
    // The groups of routes are headings of the third degree, and nothing else is of the second.
    operations: (Original) => (props) =>
      createElement("div", null, createElement("h2", null, "Routes"), createElement(Original, props)),
  },
});

SwaggerUIBundle({
  url: place.dataset.url,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  plugins: [readable],
});
