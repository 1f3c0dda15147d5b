// The legacy format of VTK, as text or with big-endian numbers, of structured points.
// Source: https://docs.vtk.org/en/latest/vtk_file_formats/vtk_legacy_file_format.html
import { fail } from "@hooke/runtime";
import { type StoredName, storedSize } from "../../stored-array.ts";
import { cutShort, numbersOf, type VtkArray, type VtkImage } from "./image.ts";
import { endOfWords, parseNumbers } from "./text-numbers.ts";

const types: Readonly<Record<string, StoredName>> = {
  unsigned_char: "U8",
  char: "I8",
  signed_char: "I8",
  unsigned_short: "U16",
  short: "I16",
  unsigned_int: "U32",
  int: "I32",
  vtktypeint64: "I64",
  vtktypeuint64: "U64",
  float: "F32",
  double: "F64",
};
/** Whose bytes are those of the machine that wrote them: as text they are read. */
const machineTypes: Readonly<Record<string, StoredName>> = { long: "I64", unsigned_long: "U64", vtkidtype: "I64" };

/** The numbers of a point for attributes that do not say. */
const attributes: Readonly<Record<string, number>> = { VECTORS: 3, NORMALS: 3, TENSORS: 9, TENSORS6: 6 };

/** Whether a file is of this format. */
export const isLegacy = (bytes: Uint8Array): boolean =>
  new TextDecoder("latin1").decode(bytes.subarray(0, 22)).toLowerCase() === "# vtk datafile version";

/** Reads words and lines from bytes, which may hold numbers in between. */
function createCursor(bytes: Uint8Array, who: string) {
  let at = 0;
  const textTo = (end: number): string => new TextDecoder("latin1").decode(bytes.subarray(at, Math.min(end, at + 300)));
  return {
    place: () => at,
    moveTo(place: number): void {
      at = place;
    },
    /** The rest of the line. */
    line(): string {
      const found = bytes.indexOf(10, at);
      const end = found < 0 ? bytes.length : found;
      const text = textTo(end).replace(/\r$/, "");
      at = Math.min(bytes.length, end + 1);
      return text.trim();
    },
    /** The next word, on this line or a later one; undefined at the end. */
    word(): string | undefined {
      const end = endOfWords(bytes, at, 1);
      if (end === undefined) return undefined;
      const text = textTo(end).trimStart();
      if (end - at > 300) fail(who, `holds a word of ${end - at} bytes: the file is damaged.`, "corrupt-file");
      at = end;
      return text;
    },
  };
}

/** The arrays and the grid of a file. */
export function readLegacy(bytes: Uint8Array, who: string): VtkImage {
  const damaged = (what: string): never => fail(who, `${what}: the file is damaged.`, "corrupt-file");
  const cursor = createCursor(bytes, who);
  cursor.line();
  cursor.line();
  const coding = cursor.line().toUpperCase();
  if (coding !== "ASCII" && coding !== "BINARY") damaged(`is ${JSON.stringify(coding)}, neither ASCII nor BINARY`);
  const isText = coding === "ASCII";
  const word = (): string => cursor.word() ?? damaged("ends early");
  const count = (): number => {
    const text = word();
    return /^\d{1,15}$/.test(text) ? Number(text) : damaged(`has ${JSON.stringify(text)} in place of a number`);
  };
  const three = (what: string): number[] => numbersOf(who, what, `${word()} ${word()} ${word()}`, 3);
  const grid: { points?: number[]; spacing?: number[]; origin?: number[] } = {};
  const arrays: VtkArray[] = [];
  let location: VtkArray["location"] | undefined;
  let tuples = 0;

  /** The array whose numbers begin here, behind which the cursor is moved; none where they belong to the whole file. */
  const array = (name: string, type: string, components: number, rows: number): VtkArray[] => {
    const lower = type.toLowerCase();
    const stored = types[lower] ?? (isText ? machineTypes[lower] : undefined);
    if (stored === undefined) {
      const cure = "Write it as float, double, int, short or unsigned_char, or as text (ASCII)";
      return fail(who, `array ${JSON.stringify(name)} is of the type ${JSON.stringify(type)}. ${cure}.`, "unsupported");
    }
    const values = components * rows;
    if (!Number.isSafeInteger(values)) damaged(`array ${JSON.stringify(name)} states ${values} numbers`);
    const what = `array ${JSON.stringify(name)}`;
    const start = cursor.place();
    const end = isText ? endOfWords(bytes, start, values) : start + values * storedSize(stored);
    if (end === undefined || end > bytes.length)
      return cutShort(who, what, values * storedSize(stored), bytes.length - start);
    cursor.moveTo(end);
    if (location === undefined) return [];
    if (rows !== tuples) damaged(`${what} has ${rows} rows, where ${tuples} are stated`);
    const held = bytes.subarray(start, end);
    return [
      {
        name,
        location,
        stored,
        components,
        bigEndian: !isText,
        bytes: (length) => (isText ? parseNumbers(who, what, held, stored, length) : held),
      },
    ];
  };
  const nameOf = (text: string): string => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  };

  for (let key = cursor.word()?.toUpperCase(); key !== undefined; key = cursor.word()?.toUpperCase()) {
    if (key === "DATASET") {
      const kind = word().toUpperCase();
      if (kind !== "STRUCTURED_POINTS") {
        fail(
          who,
          `holds ${kind.slice(0, 40)}; image data (STRUCTURED_POINTS) is read. Resample it, e.g. with ParaView.`,
          "unsupported",
        );
      }
    } else if (key === "DIMENSIONS") grid.points = three("the dimensions");
    else if (key === "ORIGIN") grid.origin = three("the origin");
    else if (key === "SPACING" || key === "ASPECT_RATIO") grid.spacing = three("the spacing");
    else if (key === "POINT_DATA" || key === "CELL_DATA") {
      location = key === "POINT_DATA" ? "points" : "cells";
      tuples = count();
    } else if (key === "SCALARS") {
      const [name, type, ...more] = cursor.line().split(/\s+/);
      const components = more.length === 0 ? 1 : numbersOf(who, "components", more.join(" "), 1)[0]!;
      if (![1, 2, 3, 4].includes(components)) damaged(`has ${components} components`);
      if (cursor.word()?.toUpperCase() !== "LOOKUP_TABLE") damaged("has scalars without the line LOOKUP_TABLE");
      cursor.line();
      arrays.push(...array(nameOf(name ?? ""), type ?? "", components, tuples));
    } else if (Object.hasOwn(attributes, key)) {
      const [name, type] = cursor.line().split(/\s+/);
      arrays.push(...array(nameOf(name ?? ""), type ?? "", attributes[key]!, tuples));
    } else if (key === "FIELD") {
      word();
      for (let left = count(); left > 0; left--) {
        let name = word();
        if (name.toUpperCase() === "METADATA") {
          skipMetadata(cursor);
          name = word();
        }
        const [components, rows, type] = [count(), count(), word()];
        cursor.line();
        arrays.push(...array(nameOf(name), type, components, rows));
      }
    } else if (key === "METADATA") skipMetadata(cursor);
    else {
      fail(
        who,
        `holds ${JSON.stringify(key.slice(0, 40))}, which is not read. Write its arrays as SCALARS, VECTORS or FIELD.`,
        "unsupported",
      );
    }
  }
  const { points, spacing = [1, 1, 1], origin = [0, 0, 0] } = grid;
  return { points: points ?? damaged("states no DIMENSIONS"), spacing, origin, arrays };
}

/** Notes on an array end with an empty line, or with the file. */
function skipMetadata(cursor: ReturnType<typeof createCursor>): void {
  cursor.line();
  for (let before = -1; cursor.place() !== before; ) {
    before = cursor.place();
    if (cursor.line() === "") return;
  }
}
