// How many statements rdflib.js and N3.js read in the Turtle at each address, and how many of those that rdflib.js's own
// fetcher lacks, as JSON.
import * as $rdf from "rdflib";
import { Parser } from "n3";

const found = {};
for (const address of process.argv.slice(2)) {
  const store = $rdf.graph();
  await $rdf.fetcher(store, {}).load(address);
  const turtle = await fetch(address, { headers: { Accept: "text/turtle" } });
  const text = await turtle.text();
  const parsed = $rdf.graph();
  await new Promise((read, failed) =>
    $rdf.parse(text, parsed, address, "text/turtle", (error) => (error ? failed(error) : read())),
  );
  const named = parsed.statements.filter((one) => ![one.subject, one.object].some((term) => term.termType !== "NamedNode"));
  const lacking = named.filter((one) => !store.holds(one.subject, one.predicate, one.object)).length;
  found[address] = { rdflib: parsed.length, n3: new Parser({ baseIRI: address }).parse(text).length, lacking };
}
process.stdout.write(JSON.stringify(found));
