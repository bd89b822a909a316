// Streams answers into the page as they come about. Without this each form is simply posted.

import "./glimpse.js"; // before the article beside, since Escape closes what is on top first
import "./beside.js";
import { address, served } from "./address.js";
import { events } from "./stream.js";
import { parsed, word } from "./cards.js";

const form = document.querySelector("#ask");
const conversation = document.querySelector("#conversation");

let busy = null; // the card of the answer that is coming
let shown = served;

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-ask]")) return;
  event.preventDefault();
  const asked = new FormData(event.target, event.submitter);
  if (!busy && asked.get("question").trim()) ask(asked, event.target.action);
});

form?.question.addEventListener("keydown", (event) => {
  // While Chinese is being composed, Enter picks a word.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// Another conversation, or none, stands at an address that Back or Forward leads to.
window.addEventListener("popstate", follow);
follow();

async function ask(asked, action) {
  const card = pending(asked.get("question").trim());
  const stopping = new AbortController();
  button(card, "stop").onclick = () => stopping.abort();
  wait(card);
  try {
    await read(await post(action, asked, stopping.signal), card, asked);
  } catch (error) {
    const came = card.querySelector(".text").textContent !== "";
    const told = stopping.signal.aborted ? "stopped" : came ? "lost" : "broken";
    leave(card, error instanceof Refusal ? error.message : word(told));
    button(card, "retry").onclick = () => {
      if (busy) return;
      card.remove();
      ask(asked, action);
    };
    button(card, "edit").onclick = () => {
      form.question.value = asked.get("question");
      form.question.focus();
    };
  } finally {
    rest(card);
  }
}

class Refusal extends Error {}

// A sign of work at once, before the first byte of an answer.
function pending(question) {
  const card = document.querySelector("#pending").content.firstElementChild.cloneNode(true);
  card.querySelector(".asked").textContent = question;
  for (const passed of document.querySelectorAll(".suggestions.first, [role=alert]")) passed.remove();
  if (!conversation.children.length) document.querySelector("h1").classList.add("unseen");
  conversation.append(card);
  card.scrollIntoView({ block: "start" });
  return card;
}

function wait(card) {
  busy = card;
  conversation.setAttribute("aria-busy", card !== null);
  enable(card === null);
}

// The stream of an answer may end when the next question is already being answered.
function rest(card) {
  if (busy === card) wait(null);
}

async function post(action, asked, signal) {
  const headers = { Accept: "text/event-stream, application/json;q=0.9" };
  const response = await fetch(action, { method: "POST", headers, body: asked, signal });
  if (response.ok) return response;
  const { detail } = await response.json().catch(() => ({}));
  const known = { 422: detail, 429: word("too_many"), 503: word("not_ready") };
  throw new Refusal(known[response.status] ?? word("broken"));
}

// Shows what comes; an answer that is whole stays, whatever becomes of the rest of the stream.
async function read(response, card, asked) {
  let text = "";
  let whole = null;
  try {
    for await (const { name, data } of events(response)) {
      if (name === "error") throw new Refusal(data.detail);
      if (name === "search") find(card, data.html);
      if (name === "delta") card.querySelector(".text").replaceChildren(...pieces((text += data.text)));
      if (name === "answer") {
        whole = answer(card, data, asked.get("question"));
        keepFilters(asked);
        rest(card);
      }
      if (name === "further" && whole === conversation.lastElementChild) whole.append(parsed(data.html));
    }
  } catch (error) {
    if (!whole) throw error;
  }
  if (!whole) throw new Error("the stream ended without an answer");
}

function find(card, html) {
  card.querySelector(".found").replaceWith(parsed(html));
  enable(false);
  state(card, word("found"));
}

// Marks are set as they will stand; where they lead to is told with the answer.
function pieces(text) {
  return text.split(/(\[\d+\])/).map((piece, at) => {
    if (at % 2 === 0) return piece;
    const mark = document.createElement("span");
    mark.className = "mark";
    mark.textContent = piece;
    return mark;
  });
}

// Puts the answer as the server writes it where it was streamed.
function answer(card, { html, conversation: id, url }, question) {
  const written = parsed(html);
  written.classList.add("fresh");
  card.replaceWith(written);
  for (const further of conversation.querySelectorAll(".further")) further.remove();
  form.elements.conversation.value = id;
  if (form.question.value === question) form.question.value = ""; // else the next is being typed
  const label = form.querySelector("label");
  label.textContent = label.dataset.followUp;
  document.querySelector(".elsewhere").hidden = false;
  if (window !== window.top) {
    // A page of another site holds this one: its Back leads where it did.
    history.replaceState(null, "", location.pathname + new URL(url, location.href).search);
  } else if (url !== shown) history.pushState(null, "", url);
  shown = address();
  return written;
}

// The next question is narrowed as the last one was, whichever form it came from.
function keepFilters(asked) {
  const without = { days: ["since", "until"] }[asked.get("without")] ?? [asked.get("without")];
  for (const name of ["since", "until", "publication"]) {
    form.elements[name].value = without.includes(name) ? "" : (asked.get(name) ?? "");
  }
}

function leave(card, told) {
  card.classList.replace("fresh", "broken");
  state(card, told);
  button(card, "stop").hidden = true;
  button(card, "retry").hidden = button(card, "edit").hidden = false;
}

// One question is answered at a time, whichever form it comes from.
function enable(enabled) {
  for (const each of document.querySelectorAll("form[data-ask] button")) each.disabled = !enabled;
}

function state(card, told) {
  card.querySelector(".state").textContent = told;
}

function button(card, name) {
  return card.querySelector(`button.${name}`);
}

function follow() {
  if (address() !== shown) location.reload();
}
