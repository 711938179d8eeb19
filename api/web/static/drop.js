// A drop zone around a file input: files dropped on it are chosen, and the names chosen are shown. Of several
// dropped where the input takes one, the first is, and the zone says so.
export function prepare(zone, onFiles) {
  const input = zone.querySelector("input[type=file]");
  const words = zone.querySelector("span");
  const one = zone.querySelector("[data-one]");
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const { files } = event.dataTransfer;
    if (!files.length) return;
    const taken = new DataTransfer();
    for (const file of input.multiple ? files : [files[0]]) taken.items.add(file);
    input.files = taken.files;
    input.dispatchEvent(new Event("change"));
    if (one) one.hidden = files.length === taken.files.length;
  });
  input.addEventListener("change", () => {
    if (one) one.hidden = true;
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
