// A drop zone around a file input: files dropped on it are chosen, and the names chosen are shown.
export function prepare(zone, onFiles) {
  const input = zone.querySelector("input[type=file]");
  const words = zone.querySelector("span");
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change"));
  });
  input.addEventListener("change", () => {
    if (onFiles) {
      onFiles([...input.files]);
      input.value = "";
    } else if (input.files.length) {
      words.textContent = [...input.files].map((file) => file.name).join(", ");
      zone.classList.add("filled");
    }
  });
}

for (const zone of document.querySelectorAll("form:not(#upload) [data-drop]")) prepare(zone);
