/** An answer as people read it: a table, and pictures where the columns allow. */
import { place, short } from "./names.js";
import { element, language, ngettext, _ } from "./page.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMBERS = new Set(["integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger"].map((type) => XSD + type));
const number = new Intl.NumberFormat(language);

/** The views that an answer allows besides the table, by name: each a title and what draws it. */
export function views(answer, known, titles = {}) {
  if (!answer.rows?.length) return {};
  const found = {};
  const { years, numbers, texts, latitude, longitude } = columns(answer);
  const label = texts[0];
  const points = located(answer, known, latitude, longitude, label);
  if (points.length) {
    found.map = {
      title: _("Map"),
      draw: async () => (await import("./map.js")).map(points, ngettext("1 place", "{number} places", points.length, { number: number.format(points.length) })),
    };
  }
  if (years.length) {
    const year = years[0];
    const moments = answer.rows
      .filter((row) => isYear(row.get(year)))
      .map((row) => ({ year: Number.parseInt(row.get(year).value, 10), label: label ? text(row.get(label), known) : "" }));
    found.timeline = {
      title: _("Timeline"),
      draw: async () => (await import("./charts.js")).timeline(moments, title(titles, year)),
    };
  }
  const measure = numbers.find((column) => column !== latitude && column !== longitude && differs(answer.rows, column));
  const named = label ?? years[0];
  const counted = measure ? [] : counts(answer, [...texts, ...years], known);
  if (counted.length) {
    found.chart = {
      title: _("Bar chart"),
      draw: async () => (await import("./charts.js")).bars(counted, _("number of rows")),
    };
  }
  if (measure && named) {
    const bars = answer.rows
      .filter((row) => isNumber(row.get(measure)))
      .map((row) => ({ label: text(row.get(named), known), value: Number(row.get(measure).value) }));
    found.chart = {
      title: _("Bar chart"),
      draw: async () => (await import("./charts.js")).bars(bars, title(titles, measure)),
    };
  }
  return found;
}

/** An answer as it reads without pictures: a table, a number alone, Turtle, or yes or no. */
export function result(answer, known, titles) {
  if (answer.turtle !== undefined) return element("pre", { tabindex: "0", "aria-label": "Turtle" }, answer.turtle);
  if (answer.boolean !== undefined) return element("p", { class: "alone" }, answer.boolean ? _("Yes") : _("No"));
  if (!answer.rows.length) return element("p", { class: "none" }, _("Nothing fits: the data have no answer to this."));
  return table(answer, known, titles);
}

const title = (titles, name) => (Object.hasOwn(titles, name) ? titles[name] : name);

/** Whether a column says something different of different rows: what is the same of all needs no bars. */
const differs = (rows, column) => new Set(rows.map((row) => row.get(column)?.value)).size > 1;

/** How many rows there are of each category: of the first column that has some values several times. */
function counts({ rows }, columns, known) {
  for (const column of columns) {
    const found = Map.groupBy(rows, (row) => text(row.get(column), known));
    if (found.size > 1 && found.size < rows.length) return [...found].map(([label, alike]) => ({ label, value: alike.length }));
  }
  return [];
}

/** The table of an answer, with the titles that its columns have. */
function table({ vars, rows }, known, titles) {
  const alone = vars.length === 1 && rows.length === 1 && isNumber(rows[0].get(vars[0])); // is a figure, and no table to read
  const head = vars.map((name) => element("th", { scope: "col" }, title(titles, name)));
  const body = rows.map((row) => element("tr", {}, ...vars.map((name) => cell(row.get(name), known))));
  const whole = element("table", {}, element("thead", {}, element("tr", {}, ...head)), element("tbody", {}, ...body));
  const label = _("Table of the answer");
  return element("div", { class: alone ? "scroll alone" : "scroll", role: "region", "aria-label": label, tabindex: "0" }, whole);
}

/** How many rows there are, in words. */
export function counted({ rows, total }) {
  const all = ngettext("1 row", "{number} rows", total, { number: number.format(total) });
  if (total === rows.length) return all;
  const shown = number.format(rows.length);
  return _("{all}; the first {shown} are shown, the files hold all", { all, shown });
}

function cell(term, known) {
  if (!term) return element("td");
  if (term.type === "uri") {
    const name = short(term.value, known.prefixes);
    const label = labels(known).get(name);
    const href = place(term.value, known.site);
    return element("td", {}, href ? element("a", { href, title: label ? name : null }, label ?? name) : name);
  }
  if (term.type === "bnode") return element("td", {}, `_:${term.value}`);
  if (term.type === "triple") return element("td", {}, JSON.stringify(term.value));
  if (isNumber(term)) return element("td", { class: "number" }, term.value);
  const lang = term["xml:lang"];
  return element("td", lang && lang !== language ? { lang, dir: "auto" } : { dir: "auto" }, term.value);
}

/** What the resources are called, by their names with a prefix, in the language of the page. */
function labels(known) {
  const column = known.spoken.indexOf(language);
  known.labels ??= new Map(known.resources.map(([name, ...texts]) => [name, texts[column]]));
  return known.labels;
}

/** What a column holds: only years, only numbers, or names; and which two are coordinates. */
function columns({ vars, rows }) {
  const every = (test) => vars.filter((name) => rows.some((row) => row.get(name)) && rows.every((row) => !row.get(name) || test(row.get(name))));
  const numbers = every(isNumber);
  const like = (pattern) => numbers.find((name) => pattern.test(name));
  const years = every(isYear);
  const others = vars.filter((name) => !numbers.includes(name) && !years.includes(name) && rows.some((row) => row.get(name)));
  const plain = others.filter((name) => rows.every((row) => row.get(name)?.type !== "uri"));
  return {
    years,
    numbers,
    texts: [...plain, ...others.filter((name) => !plain.includes(name))],
    latitude: like(/^lat/i),
    longitude: like(/^lon/i),
  };
}

const isYear = (term) => term?.type === "literal" && term.datatype === `${XSD}gYear`;
const isNumber = (term) => term?.type === "literal" && NUMBERS.has(term.datatype);

function text(term, known) {
  if (!term) return "";
  return term.type === "uri" ? short(term.value, known.prefixes) : String(term.value);
}

/** Where the rows lie: by their coordinates, or by a city of the graph that they name. */
function located({ rows, vars }, known, latitude, longitude, label) {
  const places = new Map();
  for (const [name, [lat, lon, ...names]] of Object.entries(known.places)) {
    for (const named of [name, ...names]) places.set(named, { lat, lon });
  }
  const found = new Map();
  for (const row of rows) {
    const at =
      latitude && longitude && row.get(latitude) && row.get(longitude)
        ? [[{ lat: Number(row.get(latitude).value), lon: Number(row.get(longitude).value) }, text(row.get(label), known)]]
        : vars.map((name) => [row.get(name) && places.get(text(row.get(name), known)), text(row.get(name), known)]);
    for (const [point, name] of at) if (point && onEarth(point)) found.set(`${point.lat} ${point.lon}`, { ...point, label: name });
  }
  return [...found.values()];
}

/** Whether a point has both coordinates, in degrees; NaN is in no range. */
const onEarth = ({ lat, lon }) => Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
