/** The text of a query: what it declares, how its parameters are bound, and whether it only reads.
 *
 * As in questions.py: a value becomes a term, serialised, in the VALUES block that holds the default. What a person types
 * is never read as SPARQL.
 */
import { say } from "./page.js";
import { IRI, STRING } from "./tokens.js";

const CLOSED = String.raw`#[^\r\n]*|${STRING}|${IRI}`; // in which no word of SPARQL stands
const VALUES = new RegExp(
  String.raw`${CLOSED}|\bVALUES\s*[?$](?<name>\w+)\s*\{(?=(?<terms>(?:${CLOSED}|\\.|[^{}"'#<\\])*))\k<terms>\}`,
  "gis",
);
const WORD = new RegExp(
  String.raw`${CLOSED}|[?$@]\w[\w-]*` +
    String.raw`|(?<prefix>(?:[\w-](?:[\w.-]*[\w-])?)?):(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)*(?<opens>(?:\s|#[^\r\n]*)*\{)?` +
    String.raw`|(?<word>[A-Za-z]+)`,
  "gs",
);
const PREFIX = /^\s*PREFIX\s+([\w-]*):\s*<([^>]*)>/gim;
const READS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];
const XSD = "http://www.w3.org/2001/XMLSchema#";
const ESCAPES = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const KINDS = {
  year: [/^-?\d{4,}$/, () => say("a year of four digits", "een jaar van vier cijfers")],
  integer: [/^[+-]?\d+$/, () => say("a whole number", "een geheel getal")],
  language: [/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/, () => say("a language tag, like nl", "een taalcode, zoals nl")],
  text: [/^/, () => ""],
};

/** What is wrong with a text, and the offset where. */
export class Wrong extends Error {
  constructor(message, offset = null) {
    super(message);
    this.offset = offset;
  }
}

/** The namespaces that a query declares, by prefix. */
export const declared = (text) => Object.fromEntries([...text.matchAll(PREFIX)].map(([, name, iri]) => [name, iri]));

/** The query with a term in the place of what the VALUES block of a variable holds; null if there is no such block. */
export function bound(text, name, term) {
  let found = false;
  const changed = text.replace(VALUES, (match, ...rest) => {
    if (rest.at(-1).name !== name) return match;
    found = true;
    return `VALUES ?${name} { ${term} }`;
  });
  return found ? changed : null;
}

/** What a person would type for the one term in the VALUES block of a variable; null where there is none such. */
export function value(text, name) {
  const block = [...text.matchAll(VALUES)].find((match) => match.groups.name === name);
  const term = block?.groups.terms.trim() ?? "";
  const string = /^"((?:[^"\\\r\n]|\\.)*)"(?:\^\^\S+|@[\w-]+)?$/.exec(term);
  if (string) return string[1].replace(/\\(.)/g, (_, one) => ({ n: "\n", r: "\r", t: "\t" })[one] ?? one);
  if (/^<[^<>\s]*>$/.test(term)) return term.slice(1, -1);
  return /^(?:[+-]?\d+|[\w-]+:[\w-]+)$/.test(term) ? term : null;
}

/** The value that a person gave a parameter, as a term of its kind; `prefixes` are ours, and `text` may declare more.
 *
 * @throws {Wrong} it is not of this kind.
 */
export function term(field, given, text, prefixes) {
  const own = declared(text);
  if (field.kind === "iri") return iri(given.trim(), own, prefixes);
  const [pattern, expected] = KINDS[field.kind];
  const plain = field.kind === "text" ? given : given.trim();
  if (!pattern.test(plain)) throw new Wrong(say(`expected ${expected()}`, `verwacht: ${expected()}`));
  if (field.kind === "integer") return plain;
  const string = `"${plain.replace(/[\\"\n\r\t]/g, (one) => ESCAPES[one])}"`;
  if (field.language) return `${string}@${field.language}`;
  if (!field.datatype || field.datatype === `${XSD}string`) return string;
  const local = field.datatype.startsWith(XSD) && own.xsd === XSD ? `xsd:${field.datatype.slice(XSD.length)}` : null;
  return `${string}^^${local ?? `<${field.datatype}>`}`;
}

function iri(given, own, prefixes) {
  const [, prefix, local] = /^([\w-]+):([A-Za-z0-9_-]+)$/.exec(given) ?? [];
  const namespace = own[prefix] ?? prefixes[prefix];
  if (namespace) return own[prefix] ? given : `<${namespace}${local}>`;
  const full = given.replace(/^<(.*)>$/, "$1");
  if (!/^(?:https?|urn):[^<>"{}|^`\\\u0000-\u0020]+$/i.test(full)) {
    const expected = say("a name such as city:ghent, or an IRI in full", "een naam zoals city:ghent, of een volledige IRI");
    throw new Wrong(say(`expected ${expected}`, `verwacht: ${expected}`));
  }
  return `<${full}>`;
}

/** The form of a query that only reads what is here.
 *
 * @throws {Wrong} it changes something, or asks another endpoint.
 */
export function form(text) {
  let first = "";
  let start = 0;
  let before = "";
  for (const match of text.matchAll(WORD)) {
    const word = (match.groups.word ?? "").toUpperCase();
    if (!first && !["", "PREFIX", "BASE"].includes(word)) [first, start] = [word, match.index];
    const opening = match.groups.opens && before !== "GRAPH" && match.groups.prefix.toUpperCase().includes("SERVICE");
    if (word.includes("SERVICE") || opening) {
      const message = say(
        "SERVICE asks another endpoint; this page asks no other host.",
        "SERVICE bevraagt een ander endpoint; deze pagina vraagt niets aan een andere host.",
      );
      throw new Wrong(message, match.index);
    }
    before = word;
  }
  const found = READS.find((one) => first.startsWith(one));
  if (found) return found;
  const message = say(
    "This page only reads: expected SELECT, ASK, CONSTRUCT or DESCRIBE",
    "Deze pagina leest alleen: verwacht SELECT, ASK, CONSTRUCT of DESCRIBE",
  );
  throw new Wrong(first ? `${message}${say(`; found ${first}.`, `; gevonden: ${first}.`)}` : `${message}.`, start);
}
