// What the query page reads in the texts of a file of cases: node text.mjs WEB MODULES CASES
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [web, modules, cases] = process.argv.slice(2);
globalThis.document = {
  documentElement: { lang: "en" },
  getElementById: () => null,
  querySelector: () => ({ getAttribute: () => "index.html" }),
};
const load = (name) => import(pathToFileURL(join(web, name)).href);
const { declared, features } = await load("sparql.js");
const { tokens } = await load("tokens.js");
const { mistake } = await load("mistakes.js");
const { Store } = createRequire(join(modules, "_"))("oxigraph");
const { features: texts, mistakes, prefixes, words, terminals, texts: any } = JSON.parse(readFileSync(cases, "utf8"));

function fails(text) {
  try {
    new Store().query(text, { base_iri: "http://localhost/" });
    return null;
  } catch (error) {
    return String(error.message ?? error);
  }
}

function wrong(text) {
  const { offset, parts } = mistake(text, prefixes, fails);
  const filled = (of) =>
    parts.map(([part, values]) => (of[part] ?? part).replace(/\{(\w+)\}/g, (_, name) => values[name])).join(" ");
  const [english, dutch] = [filled({}), filled(words)];
  const before = text.slice(0, offset).split("\n");
  return { text, line: before.length, column: [...before.at(-1)].length + 1, english, dutch };
}

const read = texts.map(({ text }) => {
  const { first, service } = features(text);
  return { text, first, service: service !== null, prefixes: Object.fromEntries(declared(text)) };
});
console.log(
  JSON.stringify({
    features: read,
    mistakes: mistakes.map(({ text }) => wrong(text)),
    terminals: terminals.map(({ text }) => ({ text, token: tokens(text)[0].text })),
    tokens: any.map((text) => tokens(text).map(({ kind, text }) => [kind, text])),
  }),
);
