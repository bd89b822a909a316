// What can be done with an answer: copy it with its references, say what one thinks of it.

const words = document.querySelector("#words")?.content;

export function word(name) {
  return words.querySelector(`[data-word=${name}]`)?.textContent;
}

export function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return document.importNode(holder.content.firstElementChild, true);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.copy");
  if (!link || !navigator.clipboard?.write || !window.ClipboardItem) return;
  event.preventDefault();
  copy(link).catch(() => location.assign(link.href));
});

async function copy(link) {
  // Given as a promise, for some browsers forget by whom copying was asked while they fetch.
  const text = fetch(link.href)
    .then((response) => (response.ok ? response.text() : Promise.reject(new Error(response.status))))
    .then((read) => new Blob([read], { type: "text/plain" }));
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
  const label = link.textContent;
  link.setAttribute("aria-live", "polite");
  link.textContent = link.dataset.done;
  setTimeout(() => (link.textContent = label), 2000);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-judge]")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const response = await fetch(form.action, { method: "POST", body }).catch(() => null);
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  if (response?.ok) form.replaceChildren(told);
  else form.append(told);
  told.textContent = word(response?.ok ? "thanks" : "not_noted");
});
