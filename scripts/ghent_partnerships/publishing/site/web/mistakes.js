/** Where a query is no SPARQL, and what is wrong there: as in syntax_errors.py. It stands alone, as the worker needs it.
 *
 * Oxigraph names the furthest place that it tried, which lies behind the mistake by the length of the longest keyword that
 * could stand there. It is asked again with wide space around each token: then that place is still before the next one.
 */
import { declarations, tokens } from "./tokens.js";

const PLACE = /^error at (\d+):(\d+): /;
const SENTENCE = /(?:^|, |one of |expected )((?:The|An|A|BIND|IRI|SELECT|Duplicated|Already)\b[a-zA-Z *]*)/;
const SPACE = " ".repeat(40); // wider than any keyword
const SHOWN = 40;
const ALIKE = 0.78;
const OPENS = new Map([[")", "("], ["}", "{"], ["]", "["]]);
const KEYWORDS = ("ADJUST ASC ASK AVG BASE BIND BNODE BOUND CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DAY " +
  "DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HAVING HOURS " +
  "IF IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC LANG LANGMATCHES LCASE LIMIT MAX MIN MINUS MINUTES MONTH " +
  "NAMED NOT NOW OFFSET OPTIONAL ORDER PREFIX RAND REDUCED REGEX REPLACE ROUND SAMPLE SECONDS SELECT " +
  "SEPARATOR SHA256 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN STRSTARTS STRUUID SUBSTR SUM " +
  "TIMEZONE UCASE UNDEF UNION UUID VALUES WHERE YEAR").split(" ");

/** Whether what the engine says is about the syntax. */
export const isSyntax = (message) => PLACE.test(message);

/** What is wrong with a query, as texts for the page to translate, and the offset of the first character that does not fit.
 *
 * `fails` says what Oxigraph says of a text, or null if it takes it; `known` are the project's namespaces, by prefix.
 */
export function mistake(text, known, fails) {
  const found = tokens(text);
  const broken = found.find(isBroken);
  const whole = broken ? found.slice(0, found.indexOf(broken)) : found;
  const [starts, padded] = spaced(whole);
  const message = fails(padded) ?? (broken ? null : fails(text)) ?? "";
  const place = PLACE.exec(message);
  const furthest = place ? offsetOf(padded, Number(place[1]), Number(place[2])) : 0;
  if (broken && (!place || furthest >= padded.length)) return unended(text, broken);
  if (!found.length || furthest >= padded.length) return sentence(found, message) ?? ends(text, found);
  const number = Math.max(0, starts.findLastIndex((start) => start <= furthest));
  const token = found[number];
  if (token.kind === "name" && !declarations(found).has(token.prefix)) return undeclared(token, known);
  return sentence(found.slice(0, number + 1), message) ?? misfit(token);
}

/** A text that the page translates, with the values for what stands in its braces: a worker has no page. */
const _ = (text, values = {}) => [text, values];

/** What Oxigraph says in a sentence, and what that means to whoever wrote the query. */
const SENTENCES = [
  ["The SELECT contains a variable that is unbound", _("SELECT names a variable that GROUP BY does not; count it, or group by it.")],
  ["The SELECT contains an expression with a variable that is unbound", _("SELECT computes with a variable that GROUP BY does not name.")],
  ["The SELECT overrides an existing variable", _("AS names a variable that the query has already; choose another name.")],
  ["Duplicated variable name in SELECT", _("SELECT names the same variable twice.")],
  ["SELECT * is not authorized with GROUP BY", _("SELECT * cannot stand with GROUP BY; name the variables.")],
  ["BIND is overriding an existing variable", _("BIND names a variable that the query has already; choose another name.")],
  ["An existing variable is overridden", _("BIND names a variable that the query has already; choose another name.")],
  ["The VALUES clause rows should have", _("Each row of VALUES needs as many values as there are variables; UNDEF leaves a gap.")],
  ["Already used blank node id", _("The same blank node stands in two groups; use a variable.")],
];

const wrong = (offset, ...parts) => ({ offset, parts });

/** Whether a token is a string that does not end, or has an escape that is none. */
function isBroken({ kind, text }) {
  if (kind !== "string") return false;
  const escaped = /\\*$/.exec(text.slice(Math.max(1, text.length - 1000), -1))[0].length % 2 === 1;
  return text.length === 1 || text.at(-1) !== text[0] || escaped;
}

function unended(text, { start, end }) {
  if (text[end] === "\\") {
    const escape = text.slice(end, end + 2);
    return wrong(end, _("{escape} is no escape in a string.", { escape }));
  }
  return wrong(start, _("the string that starts here does not end."));
}

/** Where each token starts in the text with space between them, and this text. */
function spaced(found) {
  const starts = [];
  let text = "";
  for (const [number, token] of found.entries()) {
    const following = found[number + 1]?.text;
    const glued = (token.text === "<<" && following === "(") || (token.text === ")" && following === ">>");
    starts.push(text.length);
    text += token.text + (glued ? "" : SPACE);
  }
  return [starts, text];
}

/** The offset of a line and a column that counts code points. */
function offsetOf(text, line, column) {
  let start = 0;
  for (let row = 1; row < line; row++) start = text.indexOf("\n", start) + 1;
  let behind = start;
  for (let letter = 1; letter < column && behind < text.length; letter++) behind += text.codePointAt(behind) > 0xffff ? 2 : 1;
  return behind;
}

/** The query ends too early: behind its last token. */
function ends(text, found) {
  const opened = [];
  for (const token of found) {
    if (token.kind !== "mark" && token.kind !== "call") continue;
    if ("({[".includes(token.text)) opened.push(token);
    else if (OPENS.has(token.text)) opened.pop();
  }
  const end = found.at(-1)?.end ?? text.trimEnd().length;
  const last = opened.at(-1);
  if (!last) return wrong(end, _("the query ends here, too early."));
  const line = text.slice(0, last.start).split("\n").length;
  return wrong(end, _("the query ends here, and the {mark} in line {line} is not closed.", { mark: last.text, line }));
}

function undeclared({ prefix, start }, known) {
  const declaration = `PREFIX ${prefix}: <${Object.hasOwn(known, prefix) ? known[prefix] : "…"}>`;
  return wrong(
    start,
    _("the prefix {prefix}: is not declared.", { prefix }),
    _("Add at the top: {declaration}", { declaration }),
  );
}

/** What Oxigraph says in a sentence, of the whole query or of the last of these tokens. */
function sentence(found, message) {
  const match = SENTENCE.exec(message);
  if (!match || !found.length) return null;
  const select = found.find(({ keyword }) => keyword.startsWith("SELECT"));
  const token = (match[1].includes("SELECT") && select) || found.at(-1);
  const means = SENTENCES.find(([says]) => match[1].startsWith(says));
  return wrong(token.start, means ? means[1] : [`“${match[1]}”.`, {}]);
}

function misfit({ kind, text, start, keyword }) {
  const characters = [...text.slice(0, 2 * SHOWN + 2)];
  const shown = characters.length <= SHOWN ? text : `${characters.slice(0, SHOWN).join("")}…`;
  const near = kind === "word" ? nearest(keyword) : null;
  const help = near ? [_("Did you mean {keyword}?", { keyword: near })] : [];
  return wrong(start, _("{shown} does not fit here.", { shown }), ...help);
}

function nearest(word) {
  if (word.length > SHOWN || KEYWORDS.includes(word)) return null;
  const rated = KEYWORDS.map((keyword) => [likeness(keyword, word), keyword]).filter(([rate]) => rate >= ALIKE);
  return rated.sort(([a, first], [b, second]) => b - a || (first < second ? 1 : -1))[0]?.[1] ?? null;
}

/** How alike two words are, as Python's difflib has it: twice what they share, longest piece first, of their lengths. */
const likeness = (first, second) => (2 * shared(first, second)) / (first.length + second.length);

function shared(first, second) {
  let [longest, here, there] = [0, 0, 0];
  for (let i = 0; i < first.length; i++) {
    for (let j = 0; j < second.length; j++) {
      let length = 0;
      while (i + length < first.length && j + length < second.length && first[i + length] === second[j + length]) length++;
      if (length > longest) [longest, here, there] = [length, i, j];
    }
  }
  if (!longest) return 0;
  const before = shared(first.slice(0, here), second.slice(0, there));
  return longest + before + shared(first.slice(here + longest), second.slice(there + longest));
}
