/** Oxigraph with the graph, beside the page: a query that never ends is ended with the worker. */
import { initSync, Store } from "oxigraph/web.js";

import { graph, solutions } from "./answer.js";
import { isSyntax, mistake } from "./mistakes.js";
import { abbreviated } from "./tokens.js";

let store;

self.onmessage = ({ data }) => {
  if (data.module) {
    initSync({ module: data.module });
    store = new Store();
    store.load(data.graph, { format: "application/n-triples", no_transaction: true });
    return;
  }
  const { text, form, prefixes } = data;
  const makes = form === "CONSTRUCT" || form === "DESCRIBE";
  const start = performance.now();
  try {
    const found = store.query(text, { results_format: makes ? "text/turtle" : "application/sparql-results+json" });
    const took = performance.now() - start;
    self.postMessage({ ...(makes ? graph(abbreviated(found, prefixes)) : solutions(found)), took });
  } catch (error) {
    const message = String(error.message ?? error);
    const broken = error instanceof WebAssembly.RuntimeError;
    self.postMessage({ error: message, broken, mistake: !broken && isSyntax(message) ? mistake(text, prefixes, fails) : null });
  }
};

/** What the engine says of a text that is no SPARQL; null if it takes it. */
function fails(text) {
  try {
    new Store().query(text);
    return null;
  } catch (error) {
    return String(error.message ?? error);
  }
}
