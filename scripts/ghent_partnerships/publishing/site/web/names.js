/** Our names for IRIs, and the pages about them. */
import { page } from "./page.js";

const LOCAL = /^[A-Za-z0-9_-]+$/;

/** The IRI with one of the prefixes, where one fits. */
export function short(iri, prefixes) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && LOCAL.test(local)) return `${prefix}:${local}`;
  }
  return iri;
}

/** Where a link to the IRI leads: to our page about it, or to itself if it is an address. `site` is what site.json says. */
export function place(iri, site) {
  const [whole, fragment] = iri.split("#");
  const base = site.bases.find((base) => whole.startsWith(base));
  if (base) return page(`doc/${whole.slice(base.length)}`, fragment);
  if (site.vocabulary && whole === site.vocabulary) return page("ontology", fragment);
  if (Object.hasOwn(site.documents, whole)) return page(site.documents[whole], fragment);
  return /^https?:\/\//.test(iri) ? iri : null;
}
