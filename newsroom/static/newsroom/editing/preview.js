// Show a preview in a wide frame or in one of a phone's width.

const stage = document.querySelector(".preview-stage");
for (const choice of document.querySelectorAll('input[name="width"]')) {
  const show = () => choice.checked && stage?.classList.toggle("phone", choice.value === "phone");
  choice.addEventListener("change", show);
  show();
}
