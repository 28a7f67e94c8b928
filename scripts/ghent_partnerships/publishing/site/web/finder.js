/** Finds things by any of their names: whatever the accents, by how words begin, with a letter wrong or two. */
import MiniSearch from "minisearch";

import { language } from "./page.js";

const MOST = 12;
const LETTERS = { æ: "ae", đ: "d", ð: "d", ı: "i", ł: "l", ø: "o", œ: "oe", ß: "ss", þ: "th" };
const FIRST = ["city", "partnership"]; // what most people look for

/** A text without case and accents. */
const folded = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[æđðıłøœßþ]/g, (letter) => LETTERS[letter]);

/** What finds in the list at an address. */
export async function find(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const { languages, types, found } = await response.json();
  const column = languages.indexOf(language);
  const named = new Map(Object.entries(types));
  const things = found.map(([folder, slug, names], id) => ({
    id,
    folder,
    slug,
    names: Object.entries(names).flatMap(([tongue, texts]) => texts.map((name) => ({ language: tongue, name }))),
    type: named.get(folder)?.[column] ?? folder,
  }));
  const index = new MiniSearch({
    fields: ["names"],
    extractField: (thing, name) => (name === "names" ? thing.names.map((text) => text.name).join("\n") : thing[name]),
    processTerm: folded,
    searchOptions: {
      boostDocument: (id) => (FIRST.includes(things[id].folder) ? 1.5 - FIRST.indexOf(things[id].folder) / 4 : 1),
      combineWith: "AND",
      fuzzy: (term) => (term.length > 7 ? 2 : term.length > 3 ? 1 : 0),
      maxFuzzy: 2,
      prefix: true,
    },
  });
  index.addAll(things);
  return (wanted) => index.search(wanted).slice(0, MOST).map(({ id, terms }) => shown(things[id], wanted, terms, languages[0]));
}

/** A thing with its label in the language of the page, and the name that was found where that is another. */
function shown({ folder, slug, names, type }, wanted, terms, first) {
  const of = (tongue) => names.find((candidate) => candidate.language === tongue);
  const label = (of(language) ?? of(first) ?? names[0]).name;
  const best = Math.max(...names.map((candidate) => likeness(candidate.name, wanted, terms)));
  const match = likeness(label, wanted, terms) === best ? null : names.find((candidate) => likeness(candidate.name, wanted, terms) === best);
  return { folder, slug, label, match, type };
}

/** How much of what was found stands in a name, and whether it begins as was asked. */
function likeness(name, wanted, terms) {
  const text = folded(name);
  return terms.filter((term) => text.includes(term)).length + (text.startsWith(folded(wanted)) ? 0.5 : 0);
}
