// Takes files that are dropped, and follows an upload. Without this the form is posted and the page reloads.

const form = document.querySelector("#add");
if (form) {
  const [drop, list, warning] = [".drop", ".drop ul", "[data-too-large]"].map((each) => form.querySelector(each));
  const input = form.elements.files;
  form.querySelector("[data-drop]").hidden = false;

  for (const name of ["dragenter", "dragover", "dragleave", "drop"])
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", name === "dragenter" || name === "dragover");
    });

  drop.addEventListener("drop", (event) => {
    const all = new DataTransfer(); // those that were chosen before stay
    for (const file of [...input.files, ...event.dataTransfer.files]) all.items.add(file);
    input.files = all.files;
    show();
  });

  input.addEventListener("change", show);

  form.addEventListener("submit", (event) => {
    if (!show()) event.preventDefault();
    else form.querySelector("button[type=submit]").disabled = true;
  });

  // A page that Back brings up again is ready for other files.
  window.addEventListener("pageshow", () => (form.querySelector("button[type=submit]").disabled = false));

  function show() {
    const files = [...input.files];
    list.replaceChildren(...files.slice(0, 50).map((file) => item(file.name)));
    if (files.length > 50) list.append(item(`… ${files.length}`));
    list.hidden = files.length === 0;
    const fits = files.reduce((sum, file) => sum + file.size, 0) < Number(form.dataset.largest);
    warning.hidden = fits;
    return fits;
  }
}

function item(text) {
  const made = document.createElement("li");
  made.textContent = text;
  return made;
}

const POLL = 1000; // milliseconds

if (document.querySelector("#job[data-poll]")) setTimeout(follow, POLL);

async function follow() {
  try {
    const response = await fetch(location.href);
    if (response.redirected || response.status === 404) return location.reload(); // signed out, or forgotten
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      document.querySelector("#job").replaceWith(page.querySelector("#job"));
    }
  } catch {
    // The service is away for a moment.
  }
  if (document.querySelector("#job[data-poll]")) setTimeout(follow, POLL);
}
