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

// What stands in a route that is opened: boxes that scroll, choices, and a region without a name.
const mend = () => {
  for (const each of place.querySelectorAll("pre:not([tabindex])")) each.tabIndex = 0;
  for (const each of place.querySelectorAll("tr[data-param-name] select:not([aria-label])")) {
    each.ariaLabel = each.closest("tr").dataset.paramName;
  }
  for (const each of place.querySelectorAll(".responses-table[role]")) each.removeAttribute("role");
};
new MutationObserver(mend).observe(place, { childList: true, subtree: true });

SwaggerUIBundle({
  url: place.dataset.url,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  plugins: [readable],
});
