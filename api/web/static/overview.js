// The list: upload with progress, rows fetched anew when something happened.
import { prepare } from "./drop.js";
import { listen } from "./live.js";

const rows = document.querySelector("[data-rows]");
const light = document.querySelector("[data-live]");
let wanted = false;
let busy = false;

async function refresh() {
  wanted = true;
  if (busy) return;
  busy = true;
  while (wanted) {
    wanted = false;
    const answer = await fetch(`/documents/rows${location.search}`).catch(() => null);
    if (answer?.redirected) location.reload(); // the session has ended
    else if (answer?.ok) rows.innerHTML = await answer.text();
    await new Promise((resolve) => setTimeout(resolve, 700)); // a busy batch must not redraw all the time
  }
  busy = false;
}

listen(light.dataset.after, {
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
  const waiting = [];
  let sending = 0;

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

  const send = ({ file, lane, batch, shown }) => {
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
    request.addEventListener("load", () => finish(shown, request.status, request.response));
    request.addEventListener("error", () => finish(shown, 0, null));
    request.addEventListener("loadend", () => { sending -= 1; next(); });
    request.send(body);
  };

  const finish = (shown, status, answer) => {
    shown.bar.remove();
    if (status === 200 || status === 201) {
      const link = Object.assign(document.createElement("a"), { href: `/documents/${answer.id}`, textContent: words.open });
      shown.state.className = "good";
      shown.state.replaceChildren(status === 201 ? words.done : words.duplicate, " · ", link);
      refresh();
      return;
    }
    const why = Object.assign(document.createElement("small"), { className: "why" });
    why.textContent = answer?.detail ? `${answer.detail} ${answer.remedy}` : words.network;
    shown.state.className = "bad";
    shown.state.textContent = answer?.title ?? "";
    shown.item.append(why);
  };

  const next = () => {
    while (sending < 2 && waiting.length) { // two at a time: enough for the line, gentle to the house
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
}
