// Brings the quoted words to the middle of the window.
document.querySelector("#quote")?.scrollIntoView({ block: "center" });
