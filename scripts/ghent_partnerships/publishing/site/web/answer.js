/** The answer to a query: its first rows, and the whole of it as files. It stands alone, as the worker makes answers too. */
export const MOST = 1000; // rows that are shown

/** The answer that SPARQL 1.1 Query Results JSON holds. */
export function solutions(json) {
  const { head, results, boolean } = JSON.parse(json);
  const files = { json: blob(json, "application/sparql-results+json") };
  if (boolean !== undefined) return { boolean, files };
  const { vars } = head;
  const rows = results.bindings.map((row) => new Map(Object.entries(row))); // a variable may have any name
  files.csv = blob(csv(vars, rows), "text/csv;charset=utf-8");
  return { vars, rows: rows.slice(0, MOST), total: rows.length, files };
}

/** The answer that is a graph, in Turtle. */
export const graph = (turtle) => ({ turtle: turtle.slice(0, 200_000), files: { ttl: blob(turtle, "text/turtle;charset=utf-8") } });

/** SPARQL 1.1 Query Results CSV: values without their kind, in RFC 4180's quotes where these are needed. */
export function csv(vars, rows) {
  const field = (term) => {
    const value = !term ? "" : term.type === "bnode" ? `_:${term.value}` : String(term.value);
    return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  };
  const lines = rows.map((row) => vars.map((name) => field(row.get(name))));
  return [vars, ...lines].map((line) => `${line.join(",")}\r\n`).join("");
}

const blob = (text, type) => new Blob([text], { type });
