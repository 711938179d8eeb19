// Live progress: the browser reconnects by itself and says where it left off (Last-Event-ID). Only when the
// house answers with an error does it give up; then we try again, from the last event seen.
const AGAIN_AFTER = 5000;

export function listen(after, { onDocument, onState }) {
  let last = after;
  let source;

  const open = () => {
    source = new EventSource(`/events/stream?after=${last}`);
    source.addEventListener("open", () => onState?.(true));
    source.addEventListener("error", () => {
      onState?.(false);
      if (source.readyState === EventSource.CLOSED) setTimeout(open, AGAIN_AFTER);
    });
    source.addEventListener("document", (message) => {
      last = message.lastEventId || last;
      onDocument(JSON.parse(message.data));
    });
    source.addEventListener("signed-out", () => { source.close(); location.reload(); });
  };

  open();
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
