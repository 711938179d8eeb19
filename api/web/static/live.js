// Live progress: the browser reconnects by itself and says where it left off (Last-Event-ID).
export function listen(after, { onDocument, onState }) {
  const source = new EventSource(`/events/stream?after=${after}`);
  source.addEventListener("open", () => onState?.(true));
  source.addEventListener("error", () => onState?.(false));
  source.addEventListener("document", (message) => onDocument(JSON.parse(message.data)));
  source.addEventListener("signed-out", () => { source.close(); location.reload(); });
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
