// The rows of a query, asked of an endpoint by Comunica, as JSON.
import { QueryEngine } from "@comunica/query-sparql";

const [endpoint, query] = process.argv.slice(2);
const engine = new QueryEngine();
const bindings = await engine.queryBindings(query, { sources: [{ type: "sparql", value: endpoint }] });
const rows = await bindings.toArray();
const plain = (row) => Object.fromEntries([...row].map(([variable, term]) => [variable.value, term.value]));
process.stdout.write(JSON.stringify(rows.map(plain)));
