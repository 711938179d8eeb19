// Live progress: the browser reconnects by itself and says where it left off (Last-Event-ID). Only when the
// house answers with an error does it give up; then we ask whether the session has ended, and try again, from the
// last event this page was told of.
const AGAIN_AFTER = 5000;

// The session: once it has ended, a page that holds nothing goes to the sign-in; one that holds something stays,
// sends nothing, and goes on when the same person has signed in again, in another tab.
const notice = document.querySelector("[data-session]");
const words = notice.querySelector("[data-session-words]");
const how = words.textContent;
let ended = false;

function goOn({ account, csrf_token: token }) {
  if (account !== notice.dataset.session) { // somebody else: what was typed is not theirs to send
    ended = true;
    words.textContent = words.dataset.other;
    notice.hidden = false;
    return false;
  }
  for (const input of document.querySelectorAll("input[name=csrf_token]")) input.value = token;
  for (const form of document.querySelectorAll("form[data-csrf]")) form.dataset.csrf = token;
  ended = false;
  words.textContent = how;
  notice.hidden = true;
  return true;
}

document.addEventListener("submit", (event) => {
  if (!ended || event.target.method !== "post") return;
  event.preventDefault();
  notice.querySelector("a").focus();
});

// `holds`: whether the page holds what would be lost; `onSession`: told when sending may go on after an end.
export function listen(after, { onDocument, onState, holds, onSession }) {
  let last = after;
  let source;
  let again;

  const open = () => {
    clearTimeout(again);
    source?.close();
    source = new EventSource(`/events/stream?after=${last}`);
    source.addEventListener("open", () => onState?.(true));
    source.addEventListener("error", () => {
      onState?.(false);
      if (source.readyState === EventSource.CLOSED) refused();
    });
    source.addEventListener("session", (message) => {
      const back = ended;
      if (!goOn(JSON.parse(message.data))) {
        if (!holds()) location.reload();
      } else if (back) {
        open(); // anew: this line's own Last-Event-ID has passed what the page was not told
        onSession?.();
      }
    });
    source.addEventListener("document", (message) => {
      if (ended) return;
      last = message.lastEventId || last;
      onDocument(JSON.parse(message.data));
    });
    source.addEventListener("signed-out", sessionEnded);
  };

  // A line that was down as the session ended is never told so: it is only refused from then on.
  const refused = async () => {
    const line = source;
    const answer = await fetch("/api/v1/me", { signal: AbortSignal.timeout(AGAIN_AFTER) }).catch(() => null);
    if (source !== line) return; // opened anew meanwhile
    if (answer?.status === 401) { sessionEnded(); return; }
    clearTimeout(again);
    again = setTimeout(open, AGAIN_AFTER);
  };

  const sessionEnded = () => {
    source.close();
    if (!holds()) {
      location.reload();
      return;
    }
    ended = true;
    if (words.textContent !== how) words.textContent = how; // the same words again would be read out again
    notice.hidden = false;
    onState?.(false);
    clearTimeout(again);
    again = setTimeout(open, AGAIN_AFTER);
  };

  open();
  addEventListener("pagehide", () => { clearTimeout(again); source.close(); });
  addEventListener("pageshow", (event) => {
    if (event.persisted) holds() ? open() : location.reload();
  });
  return { sessionEnded, ended: () => ended };
}
