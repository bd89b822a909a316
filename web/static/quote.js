// Brings the quoted words to the middle of the window.
document.querySelector("mark")?.scrollIntoView({ block: "center" });
