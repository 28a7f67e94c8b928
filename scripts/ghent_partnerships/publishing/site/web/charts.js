/** Years on a line, and numbers as bars. What they say is in the table too. */
import { language, svg, _ } from "./page.js";

const WIDTH = 960;
const EDGE = 40;
const MOST = 100; // bars, and moments above each other
const number = new Intl.NumberFormat(language);

/** Each moment above its year; names where there is room. */
export function timeline(moments, column) {
  const years = moments.map((moment) => moment.year);
  const [first, last] = [Math.min(...years), Math.max(...years)];
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((span) => (last - first) / span <= 10) ?? 5000;
  const [from, to] = [Math.floor(first / step) * step, Math.max(Math.ceil(last / step), Math.floor(first / step) + 1) * step];
  const x = (year) => EDGE + ((year - from) / (to - from)) * (WIDTH - 2 * EDGE);
  const rows = []; // how far each row is taken
  const placed = [...moments]
    .sort((a, b) => a.year - b.year)
    .map((moment) => {
      const left = x(moment.year);
      const width = 20 + moment.label.length * 8;
      const back = left + width > WIDTH;
      const start = back ? left - width : left - 6;
      let row = rows.findIndex((end) => end <= start);
      if (row < 0) row = rows.length;
      rows[row] = (back ? left + 10 : left + width) + 8;
      return { ...moment, left, row, back };
    })
    .filter(({ row }) => row < MOST);
  const height = 60 + Math.min(rows.length, MOST) * 26;
  const base = height - 36;
  const title = _("Timeline of {column}, {first} to {last}", { column, first, last });
  const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": title, class: "timeline" });
  for (let year = from; year <= to; year += step) {
    drawn.append(
      svg("line", { class: "grid", x1: x(year), x2: x(year), y1: 8, y2: base }),
      svg("text", { class: "axis", x: x(year), y: base + 24, "text-anchor": "middle" }, String(year)),
    );
  }
  drawn.append(svg("line", { class: "base", x1: EDGE, x2: WIDTH - EDGE, y1: base, y2: base }));
  for (const { label, year, left, row, back } of placed) {
    const y = base - 16 - row * 26;
    drawn.append(
      svg("circle", { class: "point", cx: left, cy: y, r: 5 }, svg("title", {}, `${label} ${year}`)),
      svg("text", { x: back ? left - 10 : left + 10, y: y + 5, "text-anchor": back ? "end" : "start" }, label),
    );
  }
  return drawn;
}

/** A bar for each of the first rows. */
export function bars(all, column) {
  const visible = all.slice(0, MOST);
  const values = visible.map((bar) => bar.value);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const gutter = Math.min(320, 24 + Math.max(...visible.map((bar) => shortened(bar.label).length)) * 8);
  const scale = (WIDTH - gutter - 80) / (high - low || 1);
  const height = visible.length * 28 + 8;
  const title = _("Bar chart of {column}", { column });
  const drawn = svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": title, class: "bars" });
  const zero = gutter - low * scale;
  visible.forEach(({ label, value }, row) => {
    const y = row * 28 + 8;
    const width = Math.abs(value) * scale;
    drawn.append(
      svg("text", { x: gutter - 10, y: y + 15, "text-anchor": "end" }, shortened(label), svg("title", {}, label)),
      svg("rect", { class: "bar", x: value < 0 ? zero - width : zero, y, width: Math.max(width, 1), height: 20 }),
      svg("text", { class: "axis", x: (value < 0 ? zero : zero + width) + 8, y: y + 15 }, number.format(value)),
    );
  });
  drawn.append(svg("line", { class: "base", x1: zero, x2: zero, y1: 0, y2: height }));
  return drawn;
}

const shortened = (label) => (label.length > 36 ? `${label.slice(0, 35)}…` : label);
