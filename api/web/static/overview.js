// The list: upload with progress, rows fetched anew when something happened.
import { prepare } from "./drop.js";
import { listen } from "./live.js";

const rows = document.querySelector("[data-rows]");
const light = document.querySelector("[data-live]");
let wanted = false;
let busy = false;
const waiting = []; // files that are not sent yet
let sending = 0;
let next = () => {}; // sends them, where this person may

async function refresh() {
  wanted = true;
  if (busy) return;
  busy = true;
  while (wanted) {
    wanted = false;
    const answer = await fetch(`/documents/rows${location.search}`).catch(() => null);
    if (answer?.redirected) live.sessionEnded();
    else if (answer?.ok) rows.innerHTML = await answer.text();
    await new Promise((resolve) => setTimeout(resolve, 700)); // a busy batch must not redraw all the time
  }
  busy = false;
}

const live = listen(light.dataset.after, {
  holds: () => Boolean(document.querySelector("[data-uploads] li")),
  onSession() {
    next();
    refresh(); // the rows of a change that was told last may have been asked for too late
  },
  onDocument: refresh,
  onState(connected) {
    light.textContent = connected ? light.dataset.on : light.dataset.off;
    light.classList.toggle("off", !connected);
  },
});

const form = document.querySelector("#upload");
if (form) {
  const words = form.dataset;
  const list = form.querySelector("[data-uploads]");

  const line = (file) => {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name });
    const state = Object.assign(document.createElement("span"), { textContent: words.waiting });
    const bar = Object.assign(document.createElement("progress"), { max: file.size || 1, value: 0 });
    bar.setAttribute("aria-label", `${words.progress}: ${file.name}`);
    item.append(name, state, bar);
    list.append(item);
    return { item, state, bar };
  };

  const send = (job) => {
    const { file, lane, batch, shown } = job;
    const body = new FormData();
    body.append("lane", lane);
    if (batch) body.append("batch", batch);
    body.append("file", file, file.name);
    const request = new XMLHttpRequest(); // fetch tells nothing of upload progress
    request.open("POST", "/api/v1/documents");
    request.responseType = "json";
    request.setRequestHeader("X-CSRF-Token", words.csrf);
    request.setRequestHeader("Accept-Language", document.documentElement.lang); // refusals in the page's language
    shown.state.textContent = words.sending;
    request.upload.addEventListener("progress", (event) => {
      Object.assign(shown.bar, { max: event.total, value: event.loaded });
    });
    request.addEventListener("load", () => finish(job, request.status, request.response));
    request.addEventListener("error", () => cutOff(job));
    request.send(body);
  };

  // Not refused: it goes first when the same person has signed in again.
  const sendLater = (job) => {
    Object.assign(job.shown.bar, { value: 0 });
    job.shown.state.textContent = words.waiting;
    waiting.unshift(job);
    live.sessionEnded();
  };

  // A house that refuses a session does not read the file to its end, and all the browser sees is a broken line.
  const cutOff = async (job) => {
    const answer = await fetch("/api/v1/me").catch(() => null);
    finish(job, answer?.status === 401 ? 401 : 0, null);
  };

  const finish = (job, status, answer) => {
    sending -= 1;
    settle(job, status, answer);
    next();
  };

  const ownCopy = ({ number, year, state, document: original, code }) => {
    const text = words.copy.replace("{number}", `${number}/${year}`)
      .replace("{state}", words[`copy${state[0].toUpperCase()}${state.slice(1)}`] ?? state);
    const link = Object.assign(document.createElement("a"), {
      href: original ? `/documents/${original}` : `/v/${code}`,
      textContent: original ? words.copyDocument : words.copyRegister,
    });
    const told = Object.assign(document.createElement("small"), { className: "why" });
    told.append(text, " ", link);
    return told;
  };

  const settle = (job, status, answer) => {
    // by another session than the page's (csrf_failed): the page is told of it when it connects anew
    if (status === 401 || answer?.code === "csrf_failed") { sendLater(job); return; }
    const { shown } = job;
    shown.bar.remove();
    if (status === 200 || status === 201) {
      const link = Object.assign(document.createElement("a"), { href: `/documents/${answer.id}`, textContent: words.open });
      shown.state.className = "good";
      shown.state.replaceChildren(status === 201 ? words.done : words.duplicate, " · ", link);
      if (answer.own_copy) shown.item.append(ownCopy(answer.own_copy));
      refresh();
      return;
    }
    const why = Object.assign(document.createElement("small"), { className: "why" });
    why.textContent = answer?.detail ? `${answer.detail} ${answer.remedy}` : words.network;
    shown.state.className = "bad";
    shown.state.textContent = answer?.title ?? "";
    shown.item.append(why);
  };

  next = () => {
    while (!live.ended() && sending < 2 && waiting.length) { // two at a time: enough for the line, gentle to the house
      sending += 1;
      send(waiting.shift());
    }
  };

  prepare(form.querySelector("[data-drop]"), (files) => {
    const lane = form.elements.lane.value;
    const batch = form.elements.batch.value.trim();
    for (const file of files) waiting.push({ file, lane, batch, shown: line(file) });
    next();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeunload", (event) => {
    if (sending || waiting.length) event.preventDefault(); // the browser asks whether to leave them unsent
  });
}
