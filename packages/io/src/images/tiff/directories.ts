// The directories of a TIFF file, one a page, with the tags that say where samples are and what they mean.
// Sources: Adobe, TIFF revision 6.0 (1992), sections 2 and 8; the BigTIFF design of libtiff, with places and counts of 64 bits.
import { fail } from "@hooke/runtime";

/** Tags that are read, by number; each is a list of whole numbers. */
const names = {
  254: "kind",
  256: "width",
  257: "height",
  258: "bits",
  259: "compression",
  262: "interpretation",
  266: "fillOrder",
  273: "offsets",
  274: "orientation",
  277: "samples",
  278: "rowsPerStrip",
  279: "byteCounts",
  284: "planes",
  317: "predictor",
  320: "colorMap",
  322: "tileWidth",
  323: "tileHeight",
  324: "offsets",
  325: "byteCounts",
  338: "extraSamples",
  339: "sampleFormat",
} as const;

type Tag = (typeof names)[keyof typeof names];

/** What a directory says. */
export interface Directory {
  readonly tags: Readonly<Partial<Record<Tag, readonly number[]>>>;
  /** What the program that wrote it says of it. */
  readonly description: string;
}

/** A TIFF file. */
export interface Directories {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  /** Without small and masking copies of pages. */
  readonly pages: readonly Directory[];
}

/** Whether a file begins as TIFF does, of either byte order; version 43 is BigTIFF. */
export function isTiff(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  if (first !== second || bytes.length < 8) return false;
  return first === 0x49
    ? (third === 42 || third === 43) && fourth === 0
    : first === 0x4d && third === 0 && (fourth === 42 || fourth === 43);
}

const description = 270;
/** Bytes of a value by its type; those that count nothing here are left out. */
const sizes: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 2: 1, 3: 2, 4: 4, 16: 8 };

/** @throws if the file is cut short, or its directories lead nowhere or in circles */
export function readDirectories(who: string, bytes: Uint8Array): Directories {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = bytes[0] === 0x49;
  const cut = (): never =>
    fail(who, `the file is cut short after ${bytes.length} bytes. Get it again.`, "corrupt-file");
  const inside = (at: number, length: number): number => (at + length <= bytes.length ? at : cut());
  const word = (at: number): number => view.getUint16(inside(at, 2), littleEndian);
  const long = (at: number): number => view.getUint32(inside(at, 4), littleEndian);
  // Beyond 2^53 nothing is inside.
  const long8 = (at: number): number => Number(view.getBigUint64(inside(at, 8), littleEndian));
  const isBig = word(2) === 43;
  if (isBig && (word(4) !== 8 || word(6) !== 0)) {
    fail(
      who,
      `it is a BigTIFF with places of ${word(4)} bytes; there are only those of 8. Get the file again.`,
      "corrupt-file",
    );
  }
  // A directory: how many entries; each a tag, a type, a count, and its values or where they are; and where the next one is.
  const place = isBig ? long8 : long;
  const [countSize, placeSize] = isBig ? [8, 8] : [2, 4];
  const entrySize = 4 + 2 * placeSize;
  const directories: Directory[] = [];
  const seen = new Set<number>();
  let listed = 0;
  for (let at = place(isBig ? 8 : 4); at !== 0; ) {
    if (seen.has(at)) fail(who, "its pages lead in a circle. Get the file again.", "corrupt-file");
    seen.add(at);
    const first = at + countSize;
    const last = first + entrySize * (isBig ? long8(at) : word(at));
    inside(first, last - first);
    const tags: Partial<Record<Tag, readonly number[]>> = {};
    let text = "";
    for (let entry = first; entry < last; entry += entrySize) {
      const tag = word(entry);
      const length = place(entry + 4);
      const size = sizes[word(entry + 2)];
      const name = names[tag as keyof typeof names];
      if (size === undefined || (name === undefined && tag !== description)) continue;
      listed += length;
      if (listed > bytes.length) fail(who, "its pages share what they list. Get the file again.", "corrupt-file");
      const values = entry + 4 + placeSize;
      const start = inside(size * length <= placeSize ? values : place(values), size * length);
      if (name === undefined) {
        text = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
        continue;
      }
      const read = { 1: (from: number) => bytes[from]!, 2: word, 4: long, 8: long8 }[size];
      tags[name] = Array.from({ length }, (_, i) => read(start + i * size));
    }
    directories.push({ tags, description: text });
    at = place(last);
  }
  // Bit 0: a smaller copy; bit 2: a mask.
  const pages = directories.filter(({ tags }) => ((tags.kind?.[0] ?? 0) & 5) === 0);
  if (pages.length === 0) fail(who, "it has no page. Get the file again.", "corrupt-file");
  checkImageJ(who, pages);
  return { bytes, littleEndian, pages };
}

/** @throws if a file of ImageJ holds more pages than it has directories: it writes stacks above 4 GB so */
function checkImageJ(who: string, pages: readonly Directory[]): void {
  const said = /^ImageJ=[\s\S]*?^images=(\d+)/m.exec(pages[0]!.description)?.[1];
  if (said === undefined || Number(said) <= pages.length) return;
  fail(
    who,
    `it holds ${said} pages and lists ${pages.length}, as ImageJ writes large stacks. Save it as a folder of slices.`,
    "unsupported",
  );
}
