// The letters of the pictures that other sites show of a page: fonts as files that the renderer reads, and how wide each
// letter is, by which the package breaks lines and leaves out what no font has.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { inflateSync } from "node:zlib";

const FONTS = [ // the first that has a letter draws it; each weighs a part of what the whole family does
  ["noto-serif", "latin"],
  ["noto-serif", "latin-ext"],
  ["noto-serif", "greek"],
  ["noto-serif", "cyrillic"],
  ["noto-sans-jp", "japanese"],
];
const ENTRY = 20; // bytes of a table in the directory of a WOFF file, and 16 in that of the font itself

/** Writes the fonts into the bundle and returns the packages that they come from. */
export async function writeFonts(modules, bundle) {
  const { parse } = createRequire(join(modules, "_"))("opentype.js");
  const widths = new Map();
  for (const [number, [family, script]] of FONTS.entries()) {
    const packed = join(modules, "@fontsource", family, "files", `${family}-${script}-400-normal.woff`);
    const font = unpacked(await readFile(packed));
    await writeFile(join(bundle, `font-${number}.ttf`), font);
    const { glyphs, tables, unitsPerEm } = parse(font.buffer.slice(font.byteOffset, font.byteOffset + font.length));
    for (const [letter, glyph] of Object.entries(tables.cmap.glyphIndexMap)) {
      const width = Math.round((1000 * glyphs.get(glyph).advanceWidth) / unitsPerEm);
      if (!widths.has(Number(letter))) widths.set(Number(letter), width);
    }
  }
  await writeFile(join(bundle, "font-widths.json"), JSON.stringify(runs(widths)));
  return new Set(FONTS.map(([family]) => `@fontsource/${family}`));
}

/** Runs of letters of the same width, in thousandths of the size: [first, last, width]. */
function runs(widths) {
  const found = [];
  for (const [letter, width] of [...widths].sort(([one], [other]) => one - other)) {
    const last = found.at(-1);
    if (last && last[1] === letter - 1 && last[2] === width) last[1] = letter;
    else found.push([letter, letter, width]);
  }
  return found;
}

/** The font in a WOFF file: https://www.w3.org/TR/WOFF/. */
function unpacked(woff) {
  const count = woff.readUInt16BE(12);
  const head = Buffer.alloc(12 + 16 * count);
  const power = 2 ** Math.floor(Math.log2(count));
  woff.copy(head, 0, 4, 8);
  for (const [place, value] of [count, 16 * power, Math.log2(power), 16 * (count - power)].entries())
    head.writeUInt16BE(value, 4 + 2 * place);
  const parts = [head];
  let at = head.length;
  for (let number = 0; number < count; number++) {
    const entry = 44 + ENTRY * number;
    const [offset, packed, length, checksum] = [4, 8, 12, 16].map((place) => woff.readUInt32BE(entry + place));
    const bytes = woff.subarray(offset, offset + packed);
    const table = packed < length ? inflateSync(bytes) : bytes;
    woff.copy(head, 12 + 16 * number, entry, entry + 4);
    for (const [place, value] of [checksum, at, length].entries())
      head.writeUInt32BE(value, 16 + 16 * number + 4 * place);
    parts.push(table, Buffer.alloc(-length & 3));
    at += length + (-length & 3);
  }
  return Buffer.concat(parts);
}
