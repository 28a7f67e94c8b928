/** The text of a query: what it declares, how its parameters are bound, and whether it only reads.
 *
 * As in questions.py: a value becomes a term, serialised, in the VALUES block that holds the default. What a person types
 * is never read as SPARQL.
 */
import { language, _ } from "./page.js";
import { character, declarations, DECLARES, tokens, unescaped } from "./tokens.js";

const READS = ["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"];
const STRING_ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/gs;
const LETTERS = new Map(Object.entries({ t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" }));
const XSD = "http://www.w3.org/2001/XMLSchema#";
const ESCAPES = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const JOINS = ["/", "|", "^^"];
const BOOLEANS = ["TRUE", "FALSE"];
const LONGEST_STATEMENT = 1000; // tokens; in a longer one a doubt is a yes
const OBJECT = 2; // terms stand before the object of a statement
const RDFLIB_CODE_POINT = /\\u([0-9a-f]{4}(?:[0-9a-f]{4})?)/gi;
const RDFLIB_NO_ESCAPE = { '"': /\\[uU']/, "'": /\\[uU"]/ };
const HOST = /^(?:[A-Za-z][A-Za-z0-9+.-]*:)?\/\/[^/?#]*$/;
const KINDS = {
  year: [/^-?\d{4,}$/, () => _("a year of four digits")],
  integer: [/^[+-]?\d+$/, () => _("a whole number")],
  language: [/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/, () => _("a language tag, like {example}", { example: language })],
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
export const declared = (text) => declarations(tokens(text));

/** The query with a declaration at its top for each prefix that it uses, that is known, and that it does not declare. */
export function withPrefixes(text, known) {
  const found = tokens(text);
  const namespaces = declarations(found);
  const used = found.filter(({ kind, prefix }) => kind === "name" && !namespaces.has(prefix) && Object.hasOwn(known, prefix));
  const lines = [...new Set(used.map(({ prefix }) => prefix))].sort().map((prefix) => `PREFIX ${prefix}: <${known[prefix]}>\n`);
  const head = lines.length ? /^(?:\s*#[^\n]*\n)*/.exec(text)[0].length : 0;
  return text.slice(0, head) + lines.join("") + text.slice(head);
}

/** The VALUES blocks of one variable: its name, where the block starts and ends, and the tokens of its terms. */
function blocks(text) {
  const found = [];
  let opening = [];
  let terms = [];
  for (const token of tokens(text)) {
    if (token.keyword === "VALUES") [opening, terms] = [[token], []];
    else if (opening.length === 1) opening = token.kind === "variable" ? [...opening, token] : [];
    else if (opening.length === 2) opening = token.text === "{" ? [...opening, token] : [];
    else if (opening.length && token.text === "}") {
      found.push({ name: opening[1].text.slice(1), start: opening[0].start, end: token.end, terms });
      opening = [];
    } else if (opening.length) terms.push(token);
  }
  return found;
}

/** The query with a term in the place of what the VALUES block of a variable holds; null if there is no such block. */
export function bound(text, name, term) {
  const found = blocks(text).filter((block) => block.name === name);
  if (!found.length) return null;
  let [written, end] = ["", 0];
  for (const block of found) {
    written += `${text.slice(end, block.start)}VALUES ?${name} { ${term} }`;
    end = block.end;
  }
  return written + text.slice(end);
}

/** What a person would type for the one term in the VALUES block of a variable; null where there is none such. */
export function value(text, name) {
  const terms = blocks(text).find((block) => block.name === name)?.terms ?? [];
  if (!terms.length) return null;
  const [first, ...rest] = terms;
  if (first.kind === "string" && (!rest.length || rest[0].kind === "tag" || (rest[0].text === "^^" && rest.length === 2))) {
    const mark = first.text.startsWith(first.text[0].repeat(3)) && first.text.length > 5 ? 3 : 1;
    return first.text.slice(mark, -mark).replace(STRING_ESCAPE, (match, short, long, letter) =>
      letter === undefined ? character(match, short, long) : (LETTERS.get(letter) ?? letter),
    );
  }
  const written = text.slice(first.start, terms.at(-1).end);
  if (first.kind === "iri" && !rest.length) return unescaped(written.slice(1, -1));
  return /^(?:[+-]?\d+|[\w-]+:[\w-]+)$/.test(written) ? written : null;
}

/** A query without the values of its parameters, and without its layout. */
export function skeleton(text) {
  const ends = new Map(blocks(text).map((block) => [block.start, block.end]));
  const kept = [];
  let end = 0;
  for (const token of tokens(text)) {
    if (token.start < end) continue;
    end = ends.get(token.start) ?? end;
    kept.push(token.text);
  }
  return kept.join(" ");
}

/** The value that a person gave a parameter, as a term of its kind; `prefixes` are the project's, and `text` may declare more.
 *
 * @throws {Wrong} it is not of this kind.
 */
export function term(field, given, text, prefixes) {
  const declarations = declared(text);
  if (field.kind === "iri") return iri(given.trim(), declarations, prefixes);
  const [pattern, expected] = KINDS[field.kind];
  const plain = field.kind === "text" ? given : given.trim();
  if (!pattern.test(plain)) throw new Wrong(_("expected {expected}", { expected: expected() }));
  if (field.kind === "integer") return plain;
  const string = `"${plain.replace(/[\\"\n\r\t]/g, (letter) => ESCAPES[letter])}"`;
  if (field.language) return `${string}@${field.language}`;
  if (!field.datatype || field.datatype === `${XSD}string`) return string;
  const local = field.datatype.startsWith(XSD) && declarations.get("xsd") === XSD ? `xsd:${field.datatype.slice(XSD.length)}` : null;
  return `${string}^^${local ?? `<${field.datatype}>`}`;
}

function iri(given, declarations, prefixes) {
  const [, prefix, local] = /^([\w-]+):([A-Za-z0-9_-]+)$/.exec(given) ?? [];
  if (declarations.has(prefix)) return given;
  if (Object.hasOwn(prefixes, prefix ?? "")) return `<${prefixes[prefix]}${local}>`;
  const full = given.replace(/^<(.*)>$/, "$1");
  if (!/^(?:https?|urn):[^<>"{}|^`\\\u0000-\u0020]+$/i.test(full)) {
    const expected = _("a name with one of the prefixes, or an IRI in full");
    throw new Wrong(_("expected {expected}", { expected }));
  }
  return `<${full}>`;
}

/** What the words of a query say of it: its first, where that is, and where it may ask another endpoint, or null. */
export function features(text) {
  const found = tokens(text);
  const first = found.find(({ kind, keyword }) => kind === "word" && !DECLARES.includes(keyword));
  return { first: first?.keyword ?? "", start: first?.start ?? 0, service: service(found) ?? serviceInRdflib(text, found) };
}

const mentioned = (found) => found.find(({ text }) => text.toUpperCase().includes("SERVICE"))?.start ?? null;

function service(found) {
  if (mentioned(found) === null) return null;
  const namespaces = declarations(found);
  if (mayBeSplit(found, namespaces)) return mentioned(found);
  let depth = 0;
  for (const [number, { start, text, prefix, keyword }] of found.entries()) {
    depth += (text === "{") - (text === "}");
    if (keyword.includes("SERVICE")) return start;
    const opens = depth && found[number + 1]?.text === "{" && prefix.toUpperCase().includes("SERVICE");
    if (opens && (!namespaces.has(prefix) || followsStatement(found, number, namespaces))) return start;
  }
  return null;
}

/** Whether a name may be no IRI, so that Oxigraph ends it at the colon and reads keywords in the rest. */
function mayBeSplit(found, namespaces) {
  const based = found.some(({ keyword }, number) => keyword === "BASE" && HOST.test(found[number + 1]?.text.slice(1, -1) ?? ""));
  return found.some(({ kind, text, prefix }) => {
    if (kind !== "name" || text.endsWith(":")) return false;
    const namespace = namespaces.get(prefix);
    if (namespace === undefined) return false;
    return HOST.test(namespace) || (based && !namespace) || (namespace.includes("#") && text.includes("\\#"));
  });
}

/** The same for rdflib, which expands code points first, and in which a carriage return does not end a comment. */
function serviceInRdflib(text, found) {
  const other = text.replaceAll("\r", " ").replace(RDFLIB_CODE_POINT, character);
  const read = other === text ? found : tokens(other);
  const clause = read === found ? null : service(read);
  if (clause !== null) return Math.min(clause, text.length);
  return read.some((token) => token.kind === "string" && RDFLIB_NO_ESCAPE[token.text[0]].test(token.text)) ? mentioned(read) : null;
}

/** Whether a clause may start at a token: it is not the object of a statement, nor the name of a graph. */
function followsStatement(found, number, namespaces) {
  let [depth, terms, joined] = [0, 0, false];
  for (let at = number - 1; at >= Math.max(0, number - LONGEST_STATEMENT); at--) {
    const { kind, text, prefix, keyword } = found[at];
    if (text === ")" || text === "]") depth++;
    else if (text === "(" || text === "[") {
      depth--;
      if (depth < 0 || (kind === "call" && !depth)) break; // of a FILTER
    }
    if (depth) continue;
    if (["{", "}", "."].includes(text)) break;
    if (text === ",") return terms > 0;
    if (text === ";") return terms !== 1;
    // It may be two terms: a:b is a and :b to Oxigraph.
    if (text === ">>" || text === "|}" || (kind === "name" && !namespaces.has(prefix))) return true;
    if (keyword === "GRAPH") return terms > 0;
    if (JOINS.includes(text)) joined = true;
    else if (["a", "(", "["].includes(text) || BOOLEANS.includes(keyword) || !["mark", "tag", "word"].includes(kind)) {
      terms += !joined;
      joined = false;
    } else if (kind === "word") break;
  }
  return terms !== OBJECT;
}

/** The form of a query that only reads what is here.
 *
 * @throws {Wrong} it changes something, or asks another endpoint.
 */
export function form(text) {
  const { first, start, service: clause } = features(text);
  if (clause !== null) {
    const message = _("SERVICE asks another endpoint; this page asks no other host.");
    throw new Wrong(message, clause);
  }
  const found = READS.find((verb) => first.startsWith(verb));
  if (found) return found;
  const message = first
    ? _("This page only reads: expected SELECT, ASK, CONSTRUCT or DESCRIBE; found {first}.", { first })
    : _("This page only reads: expected SELECT, ASK, CONSTRUCT or DESCRIBE.");
  throw new Wrong(message, start);
}
