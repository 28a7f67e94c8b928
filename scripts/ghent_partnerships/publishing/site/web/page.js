/** What modules need to know of the page that they run in. */
export const language = document.documentElement.lang;
export const root = new URL("../", import.meta.url); // the bundle is in a folder of the site

const catalogue = document.getElementById("words"); // there is none in the language that the scripts are written in
const words = catalogue ? await fetch(catalogue.href).then((response) => response.json(), () => ({})) : {};

/** The words for a text in the language of the page; what stands in braces is filled in. */
export const _ = (text, values = {}) => filled(words[text] ?? text, values);

/** The words for a text that depends on a number. */
export function ngettext(singular, plural, number, values = {}) {
  const forms = words[singular];
  const form = forms ? forms[words[""][number < 200 ? number : 100 + (number % 100)]] : number === 1 ? singular : plural;
  return filled(form, values);
}

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (gap, name) => values[name] ?? gap);

/** An address of the site. */
export const address = (path) => new URL(path, root).href;

/** What the address of a page in the language of this one ends in, as that of the first page does. */
const ending = document.querySelector("a.home").getAttribute("href").replace(/^.*index/, "");

/** The address of a page in the language of this one. */
export const page = (path, fragment = "") => address(`${path}${ending}`) + (fragment && `#${fragment}`);

/** The content of a file of the site, which must be there. */
export async function file(path) {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

/** What a file of JSON of the site says. */
export const json = async (path) => (await file(path)).json();

/** A new element, of HTML or within an SVG. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

export function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}
