/** The tokens of SPARQL, and of what Turtle shares with it; as in rdf/tokens.py and sparql/text.py, to which
 * tests/sparql/test_text.py holds it. It stands alone, as the worker needs it.
 *
 * Each pattern is sticky, and what it repeats is never tried in two ways: the work is that of the text's length.
 */
const PN_CHARS_BASE =
  "A-Za-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef" +
  "\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}";
const VARNAME_CHARS = `${PN_CHARS_BASE}_0-9\\u00b7\\u0300-\\u036f\\u203f\\u2040`;
const PN_CHARS = `${VARNAME_CHARS}\\-`;
const HEX = "[0-9A-Fa-f]";
const UCHAR =
  `u(?![Dd][89A-Fa-f])${HEX}{4}|U00(?:0[1-9A-Fa-f]|10)${HEX}{4}|U0000(?![Dd][89A-Fa-f])${HEX}{4}`;
const ESCAPE = `\\\\(?:[tbnrf"'\\\\]|${UCHAR})`;
const STRING =
  `"""[^"\\\\]*(?:(?:${ESCAPE}|"(?!""))[^"\\\\]*)*"""|'''[^'\\\\]*(?:(?:${ESCAPE}|'(?!''))[^'\\\\]*)*'''` +
  `|"[^"\\\\\\r\\n]*(?:${ESCAPE}[^"\\\\\\r\\n]*)*"?|'[^'\\\\\\r\\n]*(?:${ESCAPE}[^'\\\\\\r\\n]*)*'?`;
const PLX = `%${HEX}{2}|\\\\[_~.\\-!$&"'()*+,;=/?#@%]`;
const PN_PREFIX = `[${PN_CHARS_BASE}][${PN_CHARS}]*(?:\\.+[${PN_CHARS}]+)*`;
const PN_LOCAL = `(?:[${PN_CHARS_BASE}_0-9:]|${PLX})(?:[${PN_CHARS}:]|${PLX})*(?:\\.+(?:[${PN_CHARS}:]|${PLX})+)*`;
const NUMBER = "(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)[eE][+\\-]?[0-9]+|[0-9]*\\.[0-9]+|[0-9]+";
const KINDS = {
  space: "[ \\t\\r\\n]+|#[^\\r\\n]*",
  string: STRING,
  variable: `[?$][${PN_CHARS_BASE}_0-9][${VARNAME_CHARS}]*`,
  tag: "@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?",
  blank: `_:[${PN_CHARS_BASE}_0-9][${PN_CHARS}]*(?:\\.+[${PN_CHARS}]+)*`,
  name: `(?:${PN_PREFIX})?:(?:${PN_LOCAL})?`,
  run: PN_PREFIX,
  number: NUMBER,
  mark: "\\^\\^|&&|\\|\\||!=|>=|>>|\\{\\||\\|\\}|.",
};
const PIECES = { word: `[${PN_CHARS_BASE}]+`, number: NUMBER, mark: "." };
const pattern = (kinds) =>
  new RegExp(Object.entries(kinds).map(([kind, source]) => `(?<${kind}>${source})`).join("|"), "suy");
const TOKEN = pattern(KINDS);
const PIECE = pattern(PIECES);
const IRIREF = /<[^<>"{}|^`\u0000-\u0020]*>/uy;
const LESS = /<<|<=?/uy;
export const DECLARES = ["PREFIX", "BASE", "VERSION"];
const LAST_CODE_POINT = 0x10ffff;
const UNESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/g;
const BOOLEAN = /(?:TRUE|FALSE)$/;
const LOCAL_IN_TURTLE = /^[\w-]+>$/;

/** What a pattern matches at an offset: its kind and text. */
function matched(sticky, text, start) {
  sticky.lastIndex = start;
  const match = sticky.exec(text);
  if (!match) return null;
  const kind = match.groups && Object.keys(match.groups).find((name) => match.groups[name] !== undefined);
  return { kind, text: match[0], start };
}

/** A token with what is asked of it: its end, the prefix of a name, and a word in capitals. */
function token(kind, text, start) {
  const prefix = kind === "name" ? text.slice(0, text.indexOf(":")) : "";
  return { kind, text, start, end: start + text.length, prefix, keyword: kind === "word" ? text.toUpperCase() : "" };
}

/** The tokens of a query, without white space and comments. */
export function tokens(text) {
  const found = [];
  const open = [];
  const none = token("mark", "", 0);
  const take = (made) => {
    const last = found.at(-1) ?? none;
    if (made.text === "(" && made.kind === "mark") open.push((made.kind = opened(open, last, found.at(-2) ?? none)));
    else if (made.text === "{" || made.text === "[") open.push(made.text);
    else if ([")", "}", "]"].includes(made.text) && open.pop() === "call" && made.text === ")") made.kind = "call";
    found.push(made);
  };
  let position = text.startsWith("\ufeff") ? 1 : 0;
  while (position < text.length) {
    if (text[position] === "<") {
      const iri = compares(open, found.at(-1) ?? none) ? null : matched(IRIREF, text, position);
      const { text: written } = iri ?? matched(LESS, text, position);
      take(token(iri ? "iri" : "mark", written, position));
      position += written.length;
      continue;
    }
    const { kind, text: written } = matched(TOKEN, text, position);
    const end = position + written.length;
    if (kind === "run") {
      while (position < end) { // no name, but words and numbers without a space between
        const piece = matched(PIECE, written, written.length - (end - position));
        take(token(piece.kind, piece.text, position));
        position += piece.text.length;
      }
    } else if (kind !== "space") take(token(kind, written, position));
    position = end;
  }
  return found;
}

/** Whether "<" compares: an operand of an expression stands before it. */
function compares(open, { kind, text, keyword }) {
  if (open.at(-1) !== "call") return false;
  return !["mark", "call", "word"].includes(kind) || [")", "}", ">>"].includes(text) || BOOLEAN.test(keyword);
}

/** What a parenthesis holds: an expression, or a list, a path or variables, none of which compares. */
function opened(open, last, before) {
  const above = open.at(-1) ?? "";
  if (last.text === "<<" || last.keyword.endsWith("VALUES")) return "mark";
  if (above === "" || above === "call") return "call";
  if (above === "mark" || last.text === "a" || BOOLEAN.test(last.keyword)) return "mark";
  const filters = before.keyword.endsWith("FILTER") || last.prefix.toUpperCase().includes("FILTER");
  return last.kind === "word" || (filters && (last.kind === "iri" || last.kind === "name")) ? "call" : "mark";
}

/** The namespaces that tokens declare, by prefix. */
export function declarations(found) {
  const namespaces = new Map();
  let [word, name] = ["", null];
  for (const token of found) {
    if (token.kind === "word") {
      if (!DECLARES.includes(token.keyword)) break;
      word = token.keyword;
    } else if (token.kind === "name") {
      const declares = word === "PREFIX" || token.text.toUpperCase().startsWith("PREFIX");
      if (!declares || !token.text.endsWith(":")) break;
      name = token.prefix;
    } else if (token.kind === "iri" && name !== null) {
      namespaces.set(word === "PREFIX" ? name : name.slice("PREFIX".length), unescaped(token.text.slice(1, -1)));
    }
    if (token.kind === "iri" || token.kind === "string") [word, name] = ["", null];
  }
  return namespaces;
}

/** The character of a code point escape. */
export const character = (match, short, long) => {
  const number = Number.parseInt(short ?? long, 16);
  return number <= LAST_CODE_POINT ? String.fromCodePoint(number) : match;
};
export const unescaped = (iri) => iri.replace(UNESCAPE, character);

/** Turtle with the prefixes that it uses. */
export function abbreviated(turtle, prefixes) {
  const used = new Map();
  const written = [];
  let end = 0;
  for (const { kind, text, start, end: behind } of tokens(turtle)) {
    if (kind !== "iri") continue;
    const found = Object.entries(prefixes).find(
      ([, namespace]) => text.startsWith(`<${namespace}`) && LOCAL_IN_TURTLE.test(text.slice(namespace.length + 1)),
    );
    if (!found) continue;
    used.set(...found);
    written.push(turtle.slice(end, start), `${found[0]}:${text.slice(found[1].length + 1, -1)}`);
    end = behind;
  }
  const lines = [...used].sort().map(([prefix, namespace]) => `PREFIX ${prefix}: <${namespace}>\n`);
  return lines.join("") + (lines.length ? "\n" : "") + written.join("") + turtle.slice(end);
}
