/** Finds things by any of their names, by years and by what they are of: whatever the accents, by how words begin, with a
 * letter wrong or two. What most people look for comes first, and rules come last.
 */
import MiniSearch from "minisearch";

import { language } from "./page.js";

const LETTERS = { æ: "ae", đ: "d", ð: "d", ı: "i", ł: "l", ø: "o", œ: "oe", ß: "ss", þ: "th" };
const WEIGHTS = { city: 16, partnership: 12, country: 10, period: 2, agreement: 1.5, outcome: 1.5, query: 1.5, shape: 0.1, rule: 0.1 };
const LONG = 7; // letters: in a longer word two may be wrong, and one in a word of more than SHORT
const SHORT = 3;

/** A text without case and accents. */
const folded = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[æđðıłøœßþ]/g, (letter) => LETTERS[letter]);

/** What finds in the list at an address: a function of what is wanted and of how many things at most. */
export async function find(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const { languages, types, found } = await response.json();
  const column = languages.indexOf(language);
  const named = new Map(Object.entries(types));
  const things = found.map(([folder, slug, names, facts = []], id) => ({
    id,
    folder,
    slug,
    facts,
    names: Object.entries(names).flatMap(([tongue, texts]) => texts.map((name) => ({ language: tongue, name }))),
    type: named.get(folder)?.[column] ?? folder,
  }));
  const label = ({ names }) => names.find(of(language)) ?? names.find(of(languages[0])) ?? names[0];
  const written = (names) => names.map(({ name }) => name).join("\n");
  const fields = {
    id: ({ id }) => id,
    names: ({ names }) => written(names),
    facts: ({ facts }) => facts.map((fact) => (typeof fact === "string" ? fact : written(things[fact].names))).join("\n"),
  };
  const index = new MiniSearch({
    fields: ["names", "facts"],
    extractField: (thing, name) => fields[name](thing),
    processTerm: folded,
    searchOptions: {
      boost: { names: 2, facts: 1 },
      boostDocument: (id) => WEIGHTS[things[id].folder] ?? 1,
      combineWith: "AND",
      fuzzy: (term) => (/\d/.test(term) ? 0 : term.length > LONG ? 2 : term.length > SHORT ? 1 : 0),
      maxFuzzy: 2,
      prefix: true,
    },
  });
  index.addAll(things);
  return (wanted, most) =>
    index.search(wanted).slice(0, most).map(({ id, terms }) => shown(things[id], label(things[id]), wanted, terms, (fact) => label(things[fact]).name));
}

const of = (tongue) => (candidate) => candidate.language === tongue;

/** A thing with its label in the language of the page, the name that was found where that is another, and what it is of. */
function shown({ folder, slug, names, facts, type }, { name: label }, wanted, terms, named) {
  const rated = names.map((name) => [likeness(name.name, wanted, terms), name]);
  const best = Math.max(...rated.map(([rate]) => rate));
  const match = best === 0 || likeness(label, wanted, terms) === best ? null : rated.find(([rate]) => rate === best)[1];
  const about = facts.map((fact) => (typeof fact === "string" ? fact : named(fact))).filter((fact) => !label.includes(fact));
  return { folder, slug, label, match, type, facts: about };
}

/** How much of what was found stands in a name, and whether it begins as was asked. */
function likeness(name, wanted, terms) {
  const text = folded(name);
  return terms.filter((term) => text.includes(term)).length + (text.startsWith(folded(wanted)) ? 0.5 : 0);
}
