// Choose the focal point of an image: the point that stays visible where a page crops it. A click sets it, arrow keys
// move it.
//
// It works on the fields focal_x and focal_y (0 to 1), which are in the form without scripts too. An image chosen from
// the library or from the disk is shown before it is saved.

import { make } from "./dom.js";
import { get } from "./http.js";
import { fill } from "./messages.js";

/** image_focus.css has a class for each step. */
const STEP_PERCENT = 5;
const MOVES = {
  ArrowLeft: [-STEP_PERCENT, 0],
  ArrowRight: [STEP_PERCENT, 0],
  ArrowUp: [0, -STEP_PERCENT],
  ArrowDown: [0, STEP_PERCENT],
};

const roundToStep = (percent) => Math.min(100, Math.max(0, STEP_PERCENT * Math.round(percent / STEP_PERCENT)));

class FocusPicker {
  constructor(row, box) {
    this.box = box;
    this.fields = ["x", "y"].map((axis) => row.querySelector(`[name$="-focal_${axis}"]`));
    const shownImage = box.querySelector("picture img");
    const shownSrc = shownImage?.currentSrc || shownImage?.src;
    this.build();
    for (const field of this.fields) field.addEventListener("input", () => this.render());
    row.querySelector("input[type=file][name$='-upload']")?.addEventListener("change", (event) => {
      this.showFile(event.target.files[0]);
    });
    const select = row.querySelector("select[name$='-image']");
    // Select2 reports a choice only through jQuery.
    if (select && window.django?.jQuery) window.django.jQuery(select).on("change", () => this.showLibraryImage(select.value));
    this.showImage(shownSrc);
  }

  build() {
    const { box } = this;
    this.images = [1, 2, 3].map(() => make("img", { alt: "" }));
    this.hint = make("p", { class: "hint", id: `${this.fields[0].id}-hint` }, box.dataset.hint);
    this.surface = make(
      "button",
      {
        type: "button",
        class: "surface",
        "aria-describedby": this.hint.id,
        onclick: (event) => this.handleClick(event),
        onkeydown: (event) => this.handleKey(event),
      },
      this.images[0],
      make("span", { class: "point" }),
    );
    this.status = make("p", { class: "visually-hidden", role: "status" });
    const crops = make(
      "div",
      { class: "crops", "aria-hidden": "true" },
      make("span", { class: "wide" }, this.images[1]),
      make("span", { class: "square" }, this.images[2]),
    );
    this.tool = make("div", { class: "tool" }, this.surface, crops, this.hint, this.status);
    this.images[0].addEventListener("error", () => { this.tool.hidden = true; });
    this.images[0].addEventListener("load", () => { this.tool.hidden = false; });
    box.replaceChildren(this.tool);
  }

  /** The point, [x, y] in percent. */
  get point() {
    return this.fields.map((field) => roundToStep(100 * (field.value === "" ? 0.5 : Number(field.value) || 0)));
  }

  setPoint(x, y) {
    [x, y].forEach((percent, index) => {
      this.fields[index].value = String(roundToStep(percent) / 100);
      this.fields[index].dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.render();
    this.status.textContent = this.describePoint();
  }

  describePoint() {
    const [x, y] = this.point;
    return fill(this.box.dataset.position, { x, y });
  }

  render() {
    const [x, y] = this.point;
    this.box.className = `image-focus focus-x-${x} focus-y-${y}`;
    this.surface.setAttribute("aria-label", `${this.box.dataset.label}: ${this.describePoint()}`);
  }

  handleClick(event) {
    if (event.detail === 0) return; // Enter or space: there is no position
    const { left, top, width, height } = this.images[0].getBoundingClientRect();
    this.setPoint((100 * (event.clientX - left)) / width, (100 * (event.clientY - top)) / height);
  }

  handleKey(event) {
    const move = MOVES[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [x, y] = this.point;
    this.setPoint(x + move[0], y + move[1]);
  }

  /** Show an image, or none. The tool appears when the image is loaded. */
  showImage(src) {
    this.render();
    this.tool.hidden = true;
    for (const image of this.images) {
      if (src) image.src = src;
      else image.removeAttribute("src");
    }
  }

  showFile(file) {
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => this.showImage(reader.result));
    reader.readAsDataURL(file);
  }

  async showLibraryImage(id) {
    this.showImage("");
    if (!id) return;
    const { status, data } = await get(this.box.dataset.imageUrl.replace("/0/", `/${id}/`));
    if (status === 200) this.showImage(data.src);
  }
}

const addPicker = (row) => {
  const box = row.querySelector(".image-focus");
  if (box && !row.classList.contains("empty-form") && !box.querySelector(".tool")) new FocusPicker(row, box);
};

for (const row of document.querySelectorAll(".inline-related")) addPicker(row);
document.addEventListener("formset:added", (event) => addPicker(event.target));
