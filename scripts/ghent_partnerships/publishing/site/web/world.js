/** A map that was drawn when the site was published, made larger: by wheel, pinch, keys and buttons. Names keep their size. */
import { select } from "d3-selection";
import { zoom, zoomIdentity } from "d3-zoom";

import { element, _ } from "./page.js";

const MOST = 24; // times as large
const STEP = 1.6;
const PAN = 60; // pixels for an arrow key
const ARROWS = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };

for (const world of document.querySelectorAll(".world")) enlarge(world);

function enlarge(world) {
  const panels = [...world.querySelectorAll(".panel")].map(panel);
  let last = null; // the panel that was used last
  for (const each of panels) each.node.addEventListener("pointerdown", () => (last = each));
  const used = () => {
    const visible = panels.filter(({ node }) => node.getBoundingClientRect().width);
    return visible.includes(last) ? last : visible[0];
  };
  const button = (sign, label, act) => element("button", { type: "button", "aria-label": label, title: label, click: act }, sign);
  const buttons = [
    button("+", _("Zoom in"), () => used().by(STEP)),
    button("−", _("Zoom out"), () => used().by(1 / STEP)),
    button("⤢", _("Whole map"), () => panels.forEach((each) => each.reset())),
  ];
  world.append(element("div", { class: "zoom", role: "group", "aria-label": _("Size of the map") }, ...buttons));
}

/** What a panel can do; its picture and its places follow the same transformation, and places do not grow. */
function panel(node) {
  const { width, height } = node.viewBox.baseVal;
  const picture = select(node.querySelector(".zoomed"));
  const places = [...node.querySelectorAll(".place")].map((place) => {
    const { e, f } = place.transform.baseVal.consolidate().matrix;
    return { place, at: [e, f] };
  });
  const behaviour = zoom()
    .extent([
      [0, 0],
      [width, height],
    ])
    .translateExtent([
      [0, 0],
      [width, height],
    ])
    .scaleExtent([1, MOST])
    .filter((event) => !event.button && !(event.touches?.length === 1 && zoomed(event.currentTarget) === 1)) // a finger scrolls the page
    .on("zoom", ({ transform }) => {
      picture.attr("transform", transform);
      for (const { place, at } of places) place.setAttribute("transform", `translate(${transform.apply(at).join(" ")})`);
    });
  const zoomable = select(node).call(behaviour);
  const middle = places.find(({ place }) => place.classList.contains("hub"))?.at ?? null; // where to look first
  const by = (factor) => zoomable.call(behaviour.scaleBy, factor, zoomed(node) === 1 ? middle : null);
  const reset = () => zoomable.call(behaviour.transform, zoomIdentity);
  node.setAttribute("tabindex", "0");
  node.setAttribute("role", "group");
  node.setAttribute("aria-label", _("Map: + and − change its size, the arrows move it, 0 shows it whole"));
  node.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const k = zoomed(node);
    if (event.key === "+" || event.key === "=") by(STEP);
    else if (event.key === "-") by(1 / STEP);
    else if (event.key === "0") reset();
    else if (event.key in ARROWS && k > 1) zoomable.call(behaviour.translateBy, ...ARROWS[event.key].map((way) => way / k));
    else return;
    event.preventDefault();
  });
  for (const { place, at } of places) place.addEventListener("focus", () => zoomed(node) > 1 && zoomable.call(behaviour.translateTo, ...at));
  return { node, by, reset };
}

const zoomed = (node) => node.__zoom?.k ?? 1;
