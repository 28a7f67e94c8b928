/** Places on a map that fits them; with Natural Earth's land and borders, and loaded with them only when it is shown. */
import { geoEqualEarth, geoGraticule10, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import atlas from "world-atlas/countries-110m.json";

import { svg } from "./page.js";

const [WIDTH, HEIGHT, EDGE] = [960, 470, 60];
const CLOSEST = 1600; // the scale at which coasts of this grain still look like coasts
const [HIGH, LETTER] = [18, 9];

export function map(points, title) {
  const projection = fitting(points);
  const path = geoPath(projection).digits(1);
  const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title, class: "map" });
  drawn.append(
    svg("path", { class: "water", d: path({ type: "Sphere" }) }),
    svg("path", { class: "grid", d: path(geoGraticule10()) }),
    svg("path", { class: "land", d: path(feature(atlas, atlas.objects.land)) }),
    svg("path", { class: "border", d: path(mesh(atlas, atlas.objects.countries, (one, other) => one !== other)) ?? "" }),
  );
  const placed = points.map((point) => ({ ...point, at: projection([point.lon, point.lat]) }));
  const taken = placed.map(({ at: [x, y] }) => ({ x: x - 5, y: y - 5, width: 10, height: 10 }));
  for (const { at, label } of placed) {
    const [x, y] = at.map((value) => value.toFixed(1));
    drawn.append(svg("circle", { class: "point", cx: x, cy: y, r: 5 }, svg("title", {}, label)));
    const box = around(at, label.length * LETTER).find((box) => inside(box) && !taken.some((other) => overlap(other, box)));
    if (!box) continue; // its name is in the table
    taken.push(box);
    drawn.append(svg("text", { x: box.x.toFixed(1), y: (box.y + 14).toFixed(1) }, label));
  }
  return drawn;
}

/** The projection that shows all points as large as may be, with their middle in the middle. */
function fitting(points) {
  const degrees = points.map(({ lon }) => lon).sort((one, other) => one - other);
  const gaps = degrees.map((lon, number) => [(degrees[number + 1] ?? degrees[0] + 360) - lon, number]);
  const [widest, before] = gaps.reduce((most, gap) => (gap[0] > most[0] ? gap : most));
  const middle = (degrees[before] + widest + (degrees[before] + 360)) / 2; // of what is not the widest gap
  const extent = [
    [EDGE, EDGE],
    [WIDTH - EDGE, HEIGHT - EDGE],
  ];
  const projection = geoEqualEarth().rotate([-middle, 0]);
  const all = { type: "MultiPoint", coordinates: points.map(({ lon, lat }) => [lon, lat]) };
  const whole = geoEqualEarth().fitExtent(extent, { type: "Sphere" }).scale();
  projection.fitExtent(extent, all);
  const scale = Number.isFinite(projection.scale()) ? projection.scale() : CLOSEST;
  const nearest = Math.max(whole, Math.min(scale, CLOSEST));
  if (nearest !== projection.scale()) {
    projection.scale(nearest).translate([0, 0]);
    const [[left, top], [right, bottom]] = geoPath(projection).bounds(all);
    projection.translate([WIDTH / 2 - (left + right) / 2, HEIGHT / 2 - (top + bottom) / 2]);
  }
  return projection.clipExtent([
    [0, 0],
    [WIDTH, HEIGHT],
  ]);
}

/** Where a name may stand, the best first. */
const around = ([x, y], width) =>
  [
    [x + 9, y - 9],
    [x - 9 - width, y - 9],
    [x - width / 2, y - 27],
    [x - width / 2, y + 9],
    [x + 7, y - 25],
    [x + 7, y + 7],
    [x - 7 - width, y - 25],
    [x - 7 - width, y + 7],
  ].map(([left, top]) => ({ x: left, y: top, width, height: HIGH }));

const inside = ({ x, y, width, height }) => x >= 0 && y >= 0 && x + width <= WIDTH && y + height <= HEIGHT;

const overlap = (first, second) =>
  first.x < second.x + second.width &&
  second.x < first.x + first.width &&
  first.y < second.y + second.height &&
  second.y < first.y + first.height;
