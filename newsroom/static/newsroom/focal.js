// The focal point of a picture: what stays in where a page cuts it. A click sets it, the arrow keys move it.
//
// It works on the fields focal_x and focal_y (parts from 0 to 1), which stand in the form without this script too.
// What is chosen, from the library or from the editor's disk, is shown before it is saved.

/** Percent; pages know no finer steps (sources/images/srcset.py). */
const STEP = 5;
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

const within = (percent) => Math.min(100, Math.max(0, STEP * Math.round(percent / STEP)));

const element = (tag, className, ...children) => {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
};

class Focal {
  constructor(row, box) {
    this.box = box;
    this.fields = ["x", "y"].map((axis) => row.querySelector(`[name$="-focal_${axis}"]`));
    this.picture = box.querySelector("picture");
    this.build();
    for (const field of this.fields) field.addEventListener("input", () => this.show());
    row.querySelector("input[type=file][name$='-upload']")?.addEventListener("change", (event) => {
      this.read(event.target.files[0]);
    });
    const select = row.querySelector("select[name$='-image']");
    // Select2 tells of a choice through jQuery alone.
    if (select && window.django?.jQuery) window.django.jQuery(select).on("change", () => this.fetch(select.value));
    this.take(this.picture?.querySelector("img")?.currentSrc || this.picture?.querySelector("img")?.src);
  }

  build() {
    const { box } = this;
    const image = () => Object.assign(document.createElement("img"), { alt: "" });
    this.images = [image(), image(), image()];
    this.surface = element("button", "surface", this.images[0], element("span", "point"));
    this.surface.type = "button";
    this.hint = element("p", "hint", box.dataset.hint);
    this.hint.id = `${this.fields[0].id}-hint`;
    this.surface.setAttribute("aria-describedby", this.hint.id);
    this.status = element("p", "visually-hidden");
    this.status.setAttribute("role", "status");
    const crops = element("div", "crops", element("span", "wide", this.images[1]), element("span", "square", this.images[2]));
    crops.setAttribute("aria-hidden", "true");
    this.tool = element("div", "tool", this.surface, crops, this.hint, this.status);
    this.surface.addEventListener("click", (event) => this.click(event));
    this.surface.addEventListener("keydown", (event) => this.key(event));
    this.images[0].addEventListener("error", () => { this.tool.hidden = true; });
    this.images[0].addEventListener("load", () => { this.tool.hidden = false; });
    this.picture?.remove();
    box.replaceChildren(this.tool);
  }

  /** The point in percent. */
  get point() {
    return this.fields.map((field) => within(100 * (field.value === "" ? 0.5 : Number(field.value) || 0)));
  }

  move(x, y) {
    [x, y].forEach((percent, at) => {
      this.fields[at].value = String(within(percent) / 100);
      this.fields[at].dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.show();
    this.status.textContent = this.words();
  }

  words() {
    const [x, y] = this.point;
    return this.box.dataset.says.replace("{x}", x).replace("{y}", y);
  }

  show() {
    const [x, y] = this.point;
    this.box.className = `focal focus-x-${x} focus-y-${y}`;
    this.surface.setAttribute("aria-label", `${this.box.dataset.name}: ${this.words()}`);
  }

  click(event) {
    if (event.detail === 0) return; // Enter or the space bar: the arrow keys move the point
    const { left, top, width, height } = this.images[0].getBoundingClientRect();
    this.move((100 * (event.clientX - left)) / width, (100 * (event.clientY - top)) / height);
  }

  key(event) {
    const by = MOVES[event.key];
    if (!by || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const [x, y] = this.point;
    this.move(x + by[0], y + by[1]);
  }

  /** Show another picture, or none. */
  take(src) {
    this.show();
    this.tool.hidden = true;
    for (const image of this.images) {
      if (src) image.src = src;
      else image.removeAttribute("src");
    }
  }

  read(file) {
    if (!file) return;
    const reader = new FileReader();
    reader.addEventListener("load", () => this.take(reader.result));
    reader.readAsDataURL(file);
  }

  async fetch(key) {
    this.take("");
    if (!key) return;
    const answer = await fetch(this.box.dataset.shown.replace("/0/", `/${key}/`));
    if (answer.ok) this.take((await answer.json()).src);
  }
}

const enhance = (row) => {
  const box = row.querySelector(".focal");
  if (box && !row.classList.contains("empty-form") && !box.querySelector(".tool")) new Focal(row, box);
};

for (const row of document.querySelectorAll(".inline-related")) enhance(row);
document.addEventListener("formset:added", (event) => enhance(event.target));
