/** The answer to a query: its first rows, and the whole of it as files. It stands alone, as the worker makes answers too. */
export const MOST = 1000; // rows that are shown

/** The answer that SPARQL 1.1 Query Results JSON holds. */
export function solutions(json) {
  const { head, results, boolean } = JSON.parse(json);
  const files = { json: blob(json, "application/sparql-results+json") };
  if (boolean !== undefined) return { boolean, files };
  const { vars } = head;
  files.csv = blob(csv(vars, results.bindings), "text/csv;charset=utf-8");
  return { vars, rows: results.bindings.slice(0, MOST), total: results.bindings.length, files };
}

/** The answer that is a graph, in Turtle. */
export const graph = (turtle) => ({ turtle: turtle.slice(0, 200_000), files: { ttl: blob(turtle, "text/turtle;charset=utf-8") } });

/** SPARQL 1.1 Query Results CSV: values without their kind, in RFC 4180's quotes where these are needed. */
export function csv(vars, bindings) {
  const field = (term) => {
    const value = !term ? "" : term.type === "bnode" ? `_:${term.value}` : String(term.value);
    return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const lines = bindings.map((row) => vars.map((name) => field(row[name])));
  return [vars, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

const blob = (text, type) => new Blob([text], { type });
