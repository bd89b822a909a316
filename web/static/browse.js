// Finds while words are typed: the page for them is fetched and what it found is put in place.
// What is found stands in the address, so Back leads to what was there before.

import { address, served } from "./address.js";

const form = document.querySelector("form.find");
const told = document.querySelector("#told");
const PAUSE = 250; // milliseconds without a key before it looks

let waiting = 0;
let fetching = null;
let typing = false;

form.addEventListener("input", (event) => {
  if (event.isComposing) return; // pinyin isn't what is meant
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
form.addEventListener("compositionend", () => {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  look();
});
form.addEventListener("focusout", () => (typing = false));
window.addEventListener("popstate", follow);
if (address() !== served) follow();

// One step back leads to what was there before the first key.
function look() {
  const url = addressed();
  if (url === address()) return;
  history[typing ? "replaceState" : "pushState"](null, "", url);
  typing = true;
  show(url);
}

function addressed() {
  const asked = [...new FormData(form)].filter(([, value]) => value.trim());
  const query = new URLSearchParams(asked).toString();
  return location.pathname + (query && `?${query}`);
}

function follow() {
  typing = false;
  clearTimeout(waiting);
  show(location.href).then((page) => page && refill(page));
}

async function show(url) {
  fetching?.abort();
  const mine = (fetching = new AbortController());
  document.querySelector("#found").setAttribute("aria-busy", "true");
  try {
    const response = await fetch(url, { signal: mine.signal, headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.status);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (mine.signal.aborted) return null;
    document.querySelector("#found").replaceWith(document.importNode(page.querySelector("#found"), true));
    document.title = page.title;
    told.textContent = page.querySelector("#told").textContent;
    return page;
  } catch {
    if (mine.signal.aborted) return null;
    document.querySelector("#found").removeAttribute("aria-busy");
    told.textContent = told.dataset.failed;
    return null;
  }
}

function refill(page) {
  const asked = new FormData(page.querySelector("form.find"));
  for (const field of form.elements) if (field.name) field.value = asked.get(field.name) ?? "";
}
