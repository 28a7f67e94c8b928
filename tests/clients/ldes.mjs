// The members of an event stream as ldes-client has them, all or the last of each resource: lines of JSON.
import { intoConfig, replicateLDES } from "ldes-client";
import { Writer } from "n3";

const [url, last] = process.argv.slice(2);
const onlyLast = last === "last";
const client = replicateLDES(intoConfig({ url, materialize: onlyLast, lastVersionOnly: onlyLast }));
const reader = client.stream({ highWaterMark: 10 }).getReader();
for (let next = await reader.read(); !next.done; next = await reader.read()) {
  const { id, quads } = next.value;
  const written = new Writer({ format: "N-Triples" }).quadsToString(quads);
  process.stdout.write(`${JSON.stringify({ id: id.value, quads: written })}\n`);
}
