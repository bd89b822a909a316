// Streams an answer into the page as it comes about. Without this the form is simply posted.

const form = document.querySelector("#ask");
const conversation = document.querySelector("#conversation");
const words = document.querySelector("#words")?.content;

if (form) {
  for (const asking of [form, document.querySelector(".suggestions")]) {
    asking?.addEventListener("submit", (event) => {
      event.preventDefault();
      const asked = event.submitter?.name === "question" ? event.submitter.value : form.question.value;
      ask(asked);
    });
  }
  form.question.addEventListener("keydown", (event) => {
    // While Chinese is being composed, Enter picks a word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}

let busy = false;

async function ask(question) {
  if (busy || !question.trim()) return;
  busy = true;
  const card = pending(question.trim());
  try {
    await read(await post(question), card);
    form.question.value = "";
  } catch (error) {
    say(card, error instanceof Refusal ? error.message : word("broken"));
    card.classList.add("broken");
  } finally {
    busy = false;
    conversation.removeAttribute("aria-busy");
    form.querySelector("button[type=submit]").disabled = false;
  }
}

class Refusal extends Error {}

function pending(question) {
  const card = document.querySelector("#pending").content.firstElementChild.cloneNode(true);
  card.querySelector(".asked").textContent = question;
  conversation.append(card);
  conversation.setAttribute("aria-busy", "true");
  form.querySelector("button[type=submit]").disabled = true;
  document.querySelector(".suggestions")?.remove();
  document.querySelectorAll("[role=alert]").forEach((notice) => notice.remove());
  document.querySelector("h1")?.classList.add("unseen");
  card.scrollIntoView({ block: "nearest" });
  return card;
}

async function post(question) {
  const asked = { question };
  for (const name of ["conversation", "since", "until", "publication"]) {
    const told = form.elements[name].value;
    if (told) asked[name] = told;
  }
  const response = await fetch(form.dataset.api, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(asked),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Refusal(refusal(response.status, problem.errors?.[0]?.field));
  }
  return response.body.pipeThrough(new TextDecoderStream()).getReader();
}

async function read(stream, card) {
  let buffer = "";
  let answer = null;
  for (;;) {
    const { value, done } = await stream.read();
    if (done) break;
    const events = (buffer + value).split("\n\n");
    buffer = events.pop();
    for (const event of events) answer = tell(event, card) ?? answer;
  }
  if (!answer) throw new Error("the stream ended without an answer");
  await show(answer, card);
}

// Shows one event of the stream; gives the answer when it is that.
function tell(event, card) {
  const name = /^event: (.*)$/m.exec(event)?.[1];
  const data = /^data: (.*)$/m.exec(event)?.[1];
  if (!name || !data) return null;
  const told = JSON.parse(data);
  if (name === "search") say(card, word("found"));
  if (name === "delta") card.querySelector(".text").append(told.text);
  if (name === "error") throw new Error(told.detail);
  return name === "answer" ? told : null;
}

// Puts the answer as the server writes it, with marks and sources, where it was streamed.
async function show(answer, card) {
  const here = new URL(form.action);
  here.searchParams.set("conversation", answer.conversation);
  history.replaceState(null, "", here);
  form.elements.conversation.value = answer.conversation;
  form.querySelector("label").textContent = form.dataset.followUp;
  document.querySelector(".elsewhere").hidden = false;
  const page = await (await fetch(answer.url)).text();
  const written = new DOMParser().parseFromString(page, "text/html").querySelector("article.answer");
  card.replaceWith(document.importNode(written, true));
}

function say(card, text) {
  card.querySelector(".state").textContent = text;
}

// In the reader's language; the problem itself is written for programs.
function refusal(status, field) {
  if (status === 503) return word("not_ready");
  if (field === "since" || field === "until") return word("refused_dates");
  return word(`refused_${field}`) ?? word("broken");
}

function word(name) {
  return words.querySelector(`[data-word=${name}]`)?.textContent;
}
