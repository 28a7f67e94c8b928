// The rows of a query, asked by Comunica of an endpoint, or of a document where it is so called, as JSON.
import { QueryEngine } from "@comunica/query-sparql";

const [source, query, kind = "sparql"] = process.argv.slice(2);
const engine = new QueryEngine();
const sources = [kind === "sparql" ? { type: "sparql", value: source } : source];
const bindings = await engine.queryBindings(query, { sources });
const rows = await bindings.toArray();
const plain = (row) => Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value]));
process.stdout.write(JSON.stringify(rows.map(plain)));
