// A text to take along gets a button that copies it. Without scripts it is selected and copied by hand.

for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = text.dataset.copy || "Copy";
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  told.className = "copied";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value ?? text.href);
      told.textContent = "Copied";
    } catch {
      text.select?.();
      told.textContent = "Press Ctrl+C to copy";
    }
    setTimeout(() => (told.textContent = ""), 4000);
  });
  text.after(button, told);
}
