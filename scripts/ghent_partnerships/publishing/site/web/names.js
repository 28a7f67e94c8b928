/** Our names for IRIs, and the pages about them. */
import { page } from "./page.js";

const BASE = "https://w3id.org/ghent-partnerships/";
const LOCAL = /^[A-Za-z0-9_-]+$/;

/** The IRI with one of the prefixes, where one fits. */
export function short(iri, prefixes) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && LOCAL.test(local)) return `${prefix}:${local}`;
  }
  return iri;
}

/** Where a link to the IRI leads: to our page about it, or to itself if it is an address. */
export function place(iri) {
  if (iri.startsWith(`${BASE}id/`)) {
    const [path, fragment] = iri.slice(BASE.length + 3).split("#");
    return page(`doc/${path}`, fragment);
  }
  if (iri === `${BASE}ontology` || iri.startsWith(`${BASE}ontology#`)) return page("ontology", iri.split("#")[1]);
  return /^https?:\/\//.test(iri) ? iri : null;
}
