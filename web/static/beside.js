// Opens the article of a citation beside the answer: at its right, or as a sheet on a small screen.
// What is open stands in the address (#/citations/…), so Back closes it and a link opens it again.

const dialog = document.querySelector("#beside");
const sheet = dialog?.querySelector(".sheet");
const wide = matchMedia("(min-width: 70rem)");
const OWN = /^\/(?:citations|articles)\/[\w-]+$/;

let opener = null;

if (dialog) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".answer a, #glimpse a");
    if (!link || event.defaultPrevented || event.button || modified(event)) return;
    if (link.origin !== location.origin || !OWN.test(link.pathname)) return;
    event.preventDefault();
    opener = link.isConnected && !link.closest("#glimpse") ? link : document.activeElement;
    const state = history.state?.beside || dialog.open ? "replaceState" : "pushState";
    history[state]({ beside: true }, "", `#${link.pathname}`);
    sync();
  });
  dialog.querySelector(".close").addEventListener("click", leave);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) leave(); // beside the sheet
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && dialog.open && !event.defaultPrevented && wide.matches) leave();
  });
  dialog.addEventListener("close", () => dialog.open || closed());
  window.addEventListener("popstate", sync);
  wide.addEventListener("change", () => {
    if (!dialog.open) return;
    dialog.close();
    stand();
  });
  sync();
}

// Opens what the address says, or closes.
function sync() {
  const path = location.hash.slice(1);
  if (OWN.test(path)) open(path);
  else if (dialog.open) dialog.close();
}

async function open(path) {
  dialog.querySelector(".whole").href = path.startsWith("/citations/") ? `${path}#quote` : path;
  if (!dialog.open) stand();
  if (dialog.dataset.path === path) return;
  dialog.dataset.path = path;
  const opening = document.createElement("p");
  opening.textContent = sheet.dataset.opening;
  sheet.replaceChildren(opening);
  sheet.focus();
  try {
    const page = new DOMParser().parseFromString(await (await fetch(path)).text(), "text/html");
    if (dialog.dataset.path !== path) return;
    sheet.replaceChildren(...[...page.querySelector("main").children].map(taken));
    const mark = sheet.querySelector("mark");
    if (mark) mark.scrollIntoView({ block: "center", behavior: "instant" });
    else sheet.scrollTop = 0;
  } catch {
    location.assign(path); // the browser tells best why it can't be reached
  }
}

function taken(element) {
  return document.importNode(element, true);
}

function stand() {
  document.body.classList.toggle("beside", wide.matches);
  if (wide.matches) dialog.show();
  else dialog.showModal();
}

// By Back where opening it went forward, so that no step is left behind.
function leave() {
  if (history.state?.beside) history.back();
  else {
    history.replaceState(null, "", location.pathname + location.search);
    dialog.close();
  }
}

function closed() {
  delete dialog.dataset.path;
  document.body.classList.remove("beside");
  opener?.focus({ preventScroll: true });
  opener = null;
}

function modified(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}
