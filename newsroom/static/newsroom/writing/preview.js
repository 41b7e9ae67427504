// The width at which a version is looked at.

const stage = document.querySelector(".preview-stage");
for (const choice of document.querySelectorAll('input[name="width"]')) {
  const show = () => choice.checked && stage.classList.toggle("phone", choice.value === "phone");
  choice.addEventListener("change", show);
  show();
}
