// A text to take along gets a button that copies it. Without scripts it is selected and copied by hand.

for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = text.dataset.copy;
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  told.className = "copied";
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value ?? text.href);
      told.textContent = text.dataset.copied;
    } catch {
      text.select?.();
      told.textContent = text.dataset.byHand;
    }
    setTimeout(() => (told.textContent = ""), 4000);
  });
  text.after(button, told);
}
