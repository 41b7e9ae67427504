// Leave empty fields out of the URLs of filtered lists. (The server redirects such a URL; this saves the round trip.)

document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.formData]) {
    if (value === "") detail.formData.delete(name);
  }
});
