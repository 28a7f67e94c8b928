// Reads RDF files with parsers from npm: node quads.mjs NODE_MODULES/.. < one path a line
// Writes one line of JSON for each: [path, its quads as N-Quads or null, the error or null].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, resolve } from "node:path";

const require = createRequire(resolve(process.argv[2], "quads.mjs"));
const { Parser, Writer } = require("n3");
const jsonld = require("jsonld");
const { RdfXmlParser } = require("rdfxml-streaming-parser");

const written = (quads) => new Writer({ format: "application/n-quads" }).quadsToString(quads);
const inN3 = (format) => (file) => written(new Parser({ format }).parse(readFileSync(file, "utf8")));

function inJsonld(file) {
  const documentLoader = (url) => {
    throw new Error(`asks the network for ${url}`);
  };
  // "safe" makes an error of what the algorithm would drop without a word, such as a key that the context leaves out
  const options = { format: "application/n-quads", documentLoader, safe: true };
  return jsonld.toRDF(JSON.parse(readFileSync(file, "utf8")), options);
}

async function inRdfxml(file) {
  const parser = new RdfXmlParser();
  parser.end(readFileSync(file));
  return written(await parser.toArray());
}

const READERS = {
  ".ttl": inN3("text/turtle"),
  ".trig": inN3("application/trig"),
  ".nt": inN3("application/n-triples"),
  ".nq": inN3("application/n-quads"),
  ".jsonld": inJsonld,
  ".rdf": inRdfxml,
};

for (const file of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  try {
    console.log(JSON.stringify([file, await READERS[extname(file)](file), null]));
  } catch (error) {
    console.log(JSON.stringify([file, null, [error.message, error.details?.cause?.message].filter(Boolean).join(": ")]));
  }
}
