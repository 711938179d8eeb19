// One document: field and box light up together, pages turn, the scan zooms, changes are announced.
import { listen } from "./live.js";

const view = document.querySelector("[data-scan]");
const sheets = view ? [...view.querySelectorAll(".sheet")] : [];
const pageName = document.querySelector("[data-page-name]");
const turns = [...document.querySelectorAll("[data-turn]")];
const zooms = [...document.querySelectorAll("[data-zoom]")];
let shown = 0;
let zoom = 0;

function show(index) {
  shown = Math.max(0, Math.min(sheets.length - 1, index));
  sheets.forEach((sheet, at) => { sheet.hidden = at !== shown; });
  pageName.textContent = pageName.dataset.template.replace("{number}", sheets[shown].dataset.page);
  for (const button of turns) button.disabled = !sheets[shown + Number(button.dataset.turn)];
}

function magnify(level) {
  view.classList.remove(`zoom-${zoom}`);
  zoom = Math.max(0, Math.min(3, level));
  view.classList.add(`zoom-${zoom}`);
  for (const button of zooms) {
    const after = zoom + Number(button.dataset.zoom);
    button.disabled = after < 0 || after > 3;
  }
}

const parts = (field) => document.querySelectorAll(`[data-field="${CSS.escape(field)}"]`);

function light(field, on) {
  for (const part of parts(field)) part.classList.toggle("lit", on);
}

function reveal(row) {
  const at = sheets.findIndex((sheet) => sheet.dataset.page === row.dataset.page);
  if (at < 0) return;
  if (at !== shown) show(at);
  const box = sheets[at].querySelector(`polygon[data-field="${CSS.escape(row.dataset.field)}"]`);
  if (!box) return;
  const place = box.getBoundingClientRect();
  const frame = view.getBoundingClientRect();
  view.scrollBy({
    top: place.top - frame.top - frame.height / 3,
    left: place.left - frame.left - frame.width / 4,
  });
}

for (const part of document.querySelectorAll("[data-field]")) {
  const field = part.dataset.field;
  part.addEventListener("pointerenter", () => light(field, true));
  part.addEventListener("pointerleave", () => light(field, false));
  part.addEventListener("focusin", () => light(field, true));
  part.addEventListener("focusout", () => light(field, false));
}
for (const row of document.querySelectorAll("tr[data-field][data-page]")) {
  row.addEventListener("click", () => reveal(row));
  row.addEventListener("focus", () => reveal(row));
}
for (const box of document.querySelectorAll("polygon[data-field]")) {
  const goTo = () => {
    const row = document.querySelector(`tr[data-field="${CSS.escape(box.dataset.field)}"]`);
    row?.scrollIntoView({ block: "center" });
  };
  box.addEventListener("click", goTo);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); goTo(); }
  });
}
for (const button of turns) button.addEventListener("click", () => show(shown + Number(button.dataset.turn)));
for (const button of zooms) button.addEventListener("click", () => magnify(zoom + Number(button.dataset.zoom)));
if (sheets.length) {
  document.querySelector("[data-scan-bar]").hidden = false;
  show(0);
  magnify(0);
}

// Corrections that were typed and not saved: another button or a link of the page waits until they are, or undone.
const unsaved = document.querySelector("[data-unsaved]");
const boxes = [...document.querySelectorAll("input[name^='value.']")];
const served = (box) => box.form.elements.namedItem(box.name.replace("value.", "shown."));
const changed = () => boxes.filter((box) => box.value.trim() !== served(box).value.trim());

function holdBack(event) {
  const left = changed();
  if (!left.length) return;
  event.preventDefault();
  for (const box of left) {
    for (let fold = box.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
  unsaved.hidden = false;
  left[0].focus({ preventScroll: true });
  left[0].scrollIntoView({ block: "center" });
}

document.addEventListener("submit", (event) => {
  if (event.target.id !== "correct" || event.submitter?.hasAttribute("formaction")) holdBack(event);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const stays = !link || link.target || event.ctrlKey || event.metaKey || event.shiftKey
    || "drops" in link.dataset || link.getAttribute("href").startsWith("#");
  if (!stays) holdBack(event);
});
document.addEventListener("input", () => { if (unsaved && !changed().length) unsaved.hidden = true; });
unsaved?.querySelector("[data-undo]").addEventListener("click", () => {
  for (const box of boxes) box.value = served(box).value;
  unsaved.hidden = true;
});
// Of the reasons in the one form, only that of the button pressed must be there.
for (const button of document.querySelectorAll("button[form=correct]")) {
  button.addEventListener("click", () => {
    for (const reason of document.querySelectorAll("textarea[form=correct]")) {
      reason.required = reason.closest("details") === button.closest("details");
    }
  });
}

const notice = document.querySelector("[data-document]");
const differs = (box) => box.value !== box.defaultValue || box.checked !== box.defaultChecked;
// Folded or not; and what came back with a refusal, which is in the boxes from the first.
const typed = () => "kept" in notice.dataset
  || [...document.querySelectorAll("input:not([type=hidden]), textarea")].some(differs);
listen(notice.dataset.after, {
  holds: typed,
  onDocument({ document: id }) {
    if (id !== notice.dataset.document) return;
    if (typed()) notice.hidden = false; // never throw away what somebody has typed
    else location.replace(`/documents/${id}`); // a page that answered a form has no address of its own
  },
});
