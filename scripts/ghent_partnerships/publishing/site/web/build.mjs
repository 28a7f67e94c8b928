// Writes the bundle: node build.mjs FOLDER-WITH-NODE_MODULES. The bytes depend on the sources and the lock file alone.
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { writeFonts } from "./fonts.mjs";

const here = import.meta.dirname;
const modules = join(process.argv[2], "node_modules");
const bundle = join(here, "bundle");
const require = createRequire(join(modules, "_"));
const { build } = require("esbuild");
const { feature, mesh } = require("topojson-client");
const VIEWER = "swagger-ui-dist";
const shared = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  format: "esm",
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  minify: true,
  nodePaths: [modules],
  outdir: bundle,
  target: "es2022",
};

await rm(bundle, { recursive: true, force: true });
await mkdir(bundle);
const built = [
  await build({
    ...shared,
    chunkNames: "[name]-[hash]",
    entryPoints: ["embed.js", "filter.js", "found.js", "query.js", "search.js", "tables.js", "viewer.js", "world.js"],
    splitting: true,
  }),
  await build({ ...shared, entryPoints: ["worker.js", "offline.js"] }), // each whole: it runs beside the page
];
await copyFile(join(modules, "oxigraph", "web_bg.wasm"), join(bundle, "oxigraph.wasm"));
for (const name of ["bundle.js", "bundle.js.LICENSE.txt"]) { // whole, as it is published: it runs only where it is asked for
  await copyFile(join(modules, VIEWER, `swagger-ui-${name}`), join(bundle, `swagger-ui-${name}`));
}
await copyFile(join(modules, VIEWER, "swagger-ui.css"), join(bundle, "swagger-ui.css"));
const atlas = async (name) => JSON.parse(await readFile(join(modules, "world-atlas", `${name}.json`), "utf8"));
for (const name of ["land-110m", "land-50m"]) {
  const land = await atlas(name);
  await writeFile(join(bundle, `${name}.geojson`), JSON.stringify(feature(land, land.objects.land), rounded));
}
const countries = await atlas("countries-50m");
const borders = mesh(countries, countries.objects.countries, (one, other) => one !== other); // each once, and no coasts
await writeFile(join(bundle, "borders-50m.geojson"), JSON.stringify(borders, rounded));
const drawn = await writeFonts(modules, bundle);
const used = new Set([...built.flatMap(packages), ...drawn, VIEWER]);
await writeFile(join(bundle, "licenses.txt"), await licenses(used)); // last: the bundle is whole

/** A coordinate in ten-thousandths of a degree: the grid of world-atlas is 36 times as coarse. */
function rounded(key, value) {
  return typeof value === "number" ? Math.round(value * 1e4) / 1e4 : value;
}

/** The packages that a build took something from. */
function packages({ metafile }) {
  return Object.keys(metafile.inputs).flatMap((path) => {
    const [first, second] = path.split("node_modules/").at(-1).split("/");
    return path.includes("node_modules/") ? [first.startsWith("@") ? `${first}/${second}` : first] : [];
  });
}

/** The terms of each package: its own file, or else what it says of itself. */
async function licenses(names) {
  const texts = [...names].sort().map(async (name) => {
    const folder = join(modules, ...name.split("/"));
    const { version, license, homepage, repository } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((name) => /^licen[sc]e/i.test(name));
    const text = file ? await readFile(join(folder, file), "utf8") : `See ${homepage ?? repository?.url}`;
    return `${name} ${version} (${license})\n\n${text.trim().replaceAll("\r\n", "\n")}\n`;
  });
  return (await Promise.all(texts)).join(`\n${"-".repeat(72)}\n\n`);
}
