/** What modules need to know of the page that they run in. */
export const language = document.documentElement.lang;
export const root = new URL("../", import.meta.url); // the bundle is in a folder of the site

/** The text in the language of the page. */
export const say = (english, dutch) => (language === "nl" ? dutch : english);

/** An address of the site. */
export const address = (path) => new URL(path, root).href;

/** The address of a page in the language of this one. */
export const page = (path, fragment = "") =>
  address(`${path}${language === "nl" ? ".nl" : ""}.html`) + (fragment && `#${fragment}`);

/** The content of a file of the site, which must be there. */
export async function file(path) {
  const response = await fetch(address(path));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

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
