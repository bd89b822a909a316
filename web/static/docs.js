// Shows the OpenAPI document with Swagger UI, which comes with an installed package.
const place = document.querySelector("#document");
SwaggerUIBundle({ url: place.dataset.url, domNode: place, deepLinking: true, validatorUrl: null });
