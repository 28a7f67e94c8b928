/** Places on a map of the world; with Natural Earth's land, and loaded with it only when it is shown. */
import { geoEqualEarth, geoGraticule10, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import land from "world-atlas/land-110m.json";

import { svg } from "./page.js";

const [WIDTH, HEIGHT, EDGE] = [960, 470, 8];

export function map(points, title) {
  const projection = geoEqualEarth().fitExtent(
    [
      [EDGE, EDGE],
      [WIDTH - EDGE, HEIGHT - EDGE],
    ],
    { type: "Sphere" },
  );
  const path = geoPath(projection).digits(1);
  const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title, class: "map" });
  drawn.append(
    svg("path", { class: "water", d: path({ type: "Sphere" }) }),
    svg("path", { class: "grid", d: path(geoGraticule10()) }),
    svg("path", { class: "land", d: path(feature(land, land.objects.land)) }),
  );
  const boxes = [];
  for (const { lat, lon, label } of points) {
    const [x, y] = projection([lon, lat]);
    drawn.append(svg("circle", { class: "point", cx: x.toFixed(1), cy: y.toFixed(1), r: 5 }, svg("title", {}, label)));
    const box = { x: x + 9, y: y - 9, width: label.length * 8.5, height: 18 };
    if (box.x + box.width > WIDTH) box.x = x - 9 - box.width;
    if (boxes.some((taken) => overlap(taken, box))) continue; // its name is in the table
    boxes.push(box);
    const anchor = box.x < x ? "end" : "start";
    drawn.append(
      svg("text", { x: (anchor === "end" ? x - 9 : x + 9).toFixed(1), y: (y + 5).toFixed(1), "text-anchor": anchor }, label),
    );
  }
  return drawn;
}

const overlap = (first, second) =>
  first.x < second.x + second.width &&
  second.x < first.x + first.width &&
  first.y < second.y + second.height &&
  second.y < first.y + first.height;
