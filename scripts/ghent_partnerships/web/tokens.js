/** Tokens that SPARQL and Turtle share, as patterns; and Turtle with prefixes. It stands alone, as the worker needs it. */
export const STRING =
  String.raw`"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*'`;
export const IRI = String.raw`<[^<>"{}|^${"`"}\\\x00-\x20]*>`;
const TOKEN = new RegExp(`${STRING}|(?<iri>${IRI})`, "gs");

/** Turtle with the prefixes that it uses. */
export function abbreviated(turtle, prefixes) {
  const used = new Set();
  const text = turtle.replace(TOKEN, (match, ...rest) => {
    if (!rest.at(-1).iri) return match;
    const found = Object.entries(prefixes).find(
      ([, namespace]) => match.startsWith(`<${namespace}`) && /^[\w-]+>$/.test(match.slice(namespace.length + 1)),
    );
    if (!found) return match;
    used.add(found[0]);
    return `${found[0]}:${match.slice(found[1].length + 1, -1)}`;
  });
  const lines = [...used].sort().map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}>\n`);
  return lines.join("") + (lines.length ? "\n" : "") + text;
}
