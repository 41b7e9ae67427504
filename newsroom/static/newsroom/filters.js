// A list's filters with scripts: an address says what is chosen and not what was left empty. (The server
// leads an address with empty parts to the one without; this spares the way there.)

document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.formData]) {
    if (value === "") detail.formData.delete(name);
  }
});
