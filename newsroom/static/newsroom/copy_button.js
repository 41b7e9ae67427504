// Add a button that copies a text. Without scripts readers select the text and copy it themselves.

import { make } from "./dom.js";

const MESSAGE_SHOWN_MS = 4_000;

for (const source of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break; // only secure pages have it
  const status = make("span", { role: "status", class: "copy-status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(source.value ?? source.href);
      status.textContent = source.dataset.copied;
    } catch {
      source.select?.();
      status.textContent = source.dataset.byHand;
    }
    setTimeout(() => (status.textContent = ""), MESSAGE_SHOWN_MS);
  };
  source.after(make("button", { type: "button", class: "copy", onclick: copy }, source.dataset.copy), status);
}
