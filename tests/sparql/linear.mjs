// Says for which texts twice as much takes the query page more than three times as long: node linear.mjs WEB
import { join } from "node:path";
import { pathToFileURL } from "node:url";

globalThis.document = {
  documentElement: { lang: "en" },
  getElementById: () => null,
  querySelector: () => ({ getAttribute: () => "index.html" }),
};
const load = (name) => import(pathToFileURL(join(process.argv[2], name)).href);
const { bound, declared, features, skeleton, value } = await load("sparql.js");
const { abbreviated } = await load("tokens.js");
const { mistake } = await load("mistakes.js");
const UNITS = ['#', "0", '"', "'", ".", "-", "\\", " ", "(", "[", "{", "<", "a.", "a-", "a:", "x:.", "\\'", '\\"', '"""', "'''", '"a', "a'", "<#>", "<'>", "<a", "{}", "_:a.", "?x ", "IF(", "\n", "0.", "1e", "^^<", "@a-", "service:x{"];
const READERS = {
  features,
  declared,
  skeleton,
  bound: (text) => bound(text, "x", "1"),
  value: (text) => value(text, "x"),
  abbreviated: (text) => abbreviated(text, { e: "http://e/" }),
  mistake: (text) => mistake(text, {}, () => null),
};
const LENGTH = 4_000;
const SHORTEST = 0.02; // seconds, below which a ratio says nothing

function seconds(reader, text) {
  const begin = process.cpuUsage();
  reader(text);
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

for (const [name, reader] of Object.entries(READERS)) {
  for (const start of ["", '"', "<", "ASK{}x:"]) {
    for (const unit of UNITS) {
      const [short, long] = [1, 2].map((times) => start + unit.repeat(((times * LENGTH) / unit.length) | 0));
      if (seconds(reader, long) <= 3 * SHORTEST) continue;
      const best = (text) => Math.min(seconds(reader, text), seconds(reader, text), seconds(reader, text));
      const [took, twice] = [best(short), best(long)];
      if (twice > 3 * Math.max(took, SHORTEST)) console.log(`${name}: ${start}${unit} ${took} ${twice}`);
    }
  }
}
