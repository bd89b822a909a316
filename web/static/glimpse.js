// A glimpse of a quote among the words around it, at its mark: on hover, on focus, at the first tap.

const glimpse = document.createElement("div");
glimpse.id = "glimpse";
glimpse.popover = "manual";
document.querySelector("main").append(glimpse); // within a landmark

let mark = null;
let leaving = 0;
let tapped = null;

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const over = event.target.closest("a.mark, #glimpse");
  clearTimeout(leaving);
  if (over?.matches("a.mark")) show(over);
  else if (!over && mark && mark !== document.activeElement) leaving = setTimeout(hide, 200);
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("a.mark")) show(event.target);
  else if (!glimpse.contains(event.target)) hide();
});

document.addEventListener("pointerdown", (event) => {
  const at = event.target.closest("a.mark, #glimpse");
  tapped = event.pointerType === "touch" && at !== mark ? at : null;
  if (!at) hide();
});

// The first tap shows, the second one opens.
document.addEventListener(
  "click",
  (event) => {
    const at = event.target.closest("a.mark");
    if (at && at === tapped) {
      event.preventDefault();
      show(at);
    } else if (event.target.closest("a")) hide();
  },
  { capture: true },
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !mark) return;
  event.stopImmediatePropagation();
  hide();
});
document.addEventListener("scroll", () => mark && place(mark.getBoundingClientRect()), { passive: true });

function show(at) {
  const source = document.getElementById(at.dataset.source)?.querySelector("template.glimpse");
  if (!source || at === mark) return;
  at.removeAttribute("title"); // the browser's own would cover this one
  mark = at;
  glimpse.replaceChildren(source.content.cloneNode(true));
  glimpse.showPopover();
  place(at.getBoundingClientRect());
}

function place(around) {
  const margin = 8;
  const { width, height } = glimpse.getBoundingClientRect();
  const left = Math.min(around.left - 16, document.documentElement.clientWidth - width - margin);
  const below = around.bottom + margin;
  const above = around.top - height - margin;
  glimpse.style.left = `${Math.max(margin, left)}px`;
  glimpse.style.top = `${below + height > innerHeight && above > 0 ? above : below}px`;
}

function hide() {
  clearTimeout(leaving);
  if (!mark) return;
  mark = null;
  glimpse.hidePopover();
}
