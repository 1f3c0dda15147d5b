// The directories of a TIFF file, one a page, with the tags that say where samples are and what they mean.
// Source: Adobe, TIFF revision 6.0 (1992), sections 2 and 8.
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
const sizes: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 2: 1, 3: 2, 4: 4 };

/** @throws if the file is cut short, or its directories lead nowhere or in circles */
export function readDirectories(who: string, bytes: Uint8Array): Directories {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = bytes[0] === 0x49;
  const cut = (): never =>
    fail(who, `the file is cut short after ${bytes.length} bytes. Get it again.`, "corrupt-file");
  const inside = (at: number, length: number): number => (at + length <= bytes.length ? at : cut());
  const word = (at: number): number => view.getUint16(inside(at, 2), littleEndian);
  const long = (at: number): number => view.getUint32(inside(at, 4), littleEndian);
  if (word(2) === 43) fail(who, "it is a BigTIFF; save it as TIFF, in parts below 4 GB.", "unsupported");
  const directories: Directory[] = [];
  const seen = new Set<number>();
  let values = 0;
  for (let at = long(4); at !== 0; ) {
    if (seen.has(at)) fail(who, "its pages lead in a circle. Get the file again.", "corrupt-file");
    seen.add(at);
    const count = word(at);
    inside(at + 2, 12 * count);
    const tags: Partial<Record<Tag, readonly number[]>> = {};
    let text = "";
    for (let entry = at + 2; entry < at + 2 + 12 * count; entry += 12) {
      const tag = word(entry);
      const length = long(entry + 4);
      const size = sizes[word(entry + 2)];
      const name = names[tag as keyof typeof names];
      if (size === undefined || (name === undefined && tag !== description)) continue;
      values += length;
      if (values > bytes.length) fail(who, "its pages share what they list. Get the file again.", "corrupt-file");
      const start = inside(size * length <= 4 ? entry + 8 : long(entry + 8), size * length);
      if (name === undefined) {
        text = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
        continue;
      }
      const read = { 1: (from: number) => bytes[from]!, 2: word, 4: long }[size];
      tags[name] = Array.from({ length }, (_, i) => read(start + i * size));
    }
    directories.push({ tags, description: text });
    at = long(at + 2 + 12 * count);
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
