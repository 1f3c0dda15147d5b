// The XML format of VTK's image data, .vti: arrays as text, as base64, or appended behind the text.
// Source: https://docs.vtk.org/en/latest/vtk_file_formats/vtkxml_file_format.html
import { fail } from "@hooke/runtime";
import type { StoredName } from "../../stored-array.ts";
import { type Coding, fromBase64, unpack } from "./encoded.ts";
import { numbersOf, type VtkArray, type VtkImage } from "./image.ts";
import { parseNumbers } from "./text-numbers.ts";

const types: Readonly<Record<string, StoredName>> = {
  Int8: "I8",
  UInt8: "U8",
  Int16: "I16",
  UInt16: "U16",
  Int32: "I32",
  UInt32: "U32",
  Int64: "I64",
  UInt64: "U64",
  Float32: "F32",
  Float64: "F64",
};

type Attributes = Readonly<Record<string, string>>;

interface Element {
  readonly name: string;
  readonly attributes: Attributes;
  /** Where its text is. */
  readonly start: number;
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** The opening tags of a document, in order, up to that of appended data. */
function* elements(bytes: Uint8Array, damaged: (what: string) => never): Generator<Element> {
  for (let at = bytes.indexOf(60); at >= 0; ) {
    const end = bytes.indexOf(62, at);
    if (end < 0) return damaged("has a tag that does not end");
    if (end - at > 10_000) return damaged(`has a tag of ${end - at} bytes`);
    const text = new TextDecoder().decode(bytes.subarray(at + 1, end));
    if (/^[A-Za-z]/.test(text)) {
      const attributes: Record<string, string> = Object.create(null);
      for (const [, name, double, single] of text.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)) {
        attributes[name!] = (double ?? single!).replace(/&(lt|gt|amp|quot|apos);/g, (_, entity) => entities[entity]!);
      }
      const name = /^\w+/.exec(text)![0];
      yield { name, attributes, start: end + 1 };
      if (name === "AppendedData") return;
    }
    at = bytes.indexOf(60, end);
  }
}

/** What follows `<AppendedData>`: its bytes from the mark `_` on. */
interface Appended {
  readonly bytes: Uint8Array;
  readonly isBase64: boolean;
}

/** The arrays and the grid of a file. */
export function readXml(bytes: Uint8Array, who: string, signal: AbortSignal | undefined): VtkImage {
  const damaged = (what: string): never => fail(who, `${what}: the file is damaged.`, "corrupt-file");
  const all = [...elements(bytes, damaged)];
  const one = (name: string): Element => {
    const found = all.filter((element) => element.name === name);
    if (found.length > 1 && name === "Piece") {
      fail(who, `has ${found.length} pieces; one is read. Write it as one piece, e.g. with ParaView.`, "unsupported");
    }
    return found.length === 1 ? found[0]! : damaged(`has ${found.length} elements ${name}, where one is expected`);
  };
  const file = one("VTKFile").attributes;
  if (file.type !== "ImageData") {
    fail(
      who,
      `holds ${String(file.type).slice(0, 40)}; ImageData is read. Resample it, e.g. with ParaView.`,
      "unsupported",
    );
  }
  if (file.compressor !== undefined && file.compressor !== "vtkZLibDataCompressor") {
    fail(who, `is compressed by ${file.compressor.slice(0, 40)}; write it with zlib or without.`, "unsupported");
  }
  if (file.byte_order !== "LittleEndian" && file.byte_order !== "BigEndian") damaged("states no byte order");
  if (![undefined, "UInt32", "UInt64"].includes(file.header_type)) damaged("states a header_type that is none");
  const coding: Coding = {
    bigEndian: file.byte_order === "BigEndian",
    headerSize: file.header_type === "UInt64" ? 8 : 4,
    compressed: file.compressor !== undefined,
  };
  const { WholeExtent, Origin, Spacing, Direction } = one("ImageData").attributes;
  const numbers = (what: string, text: string | undefined, count: number): number[] =>
    numbersOf(who, what, text ?? damaged(`states no ${what}`), count);
  const extent = numbers("WholeExtent", WholeExtent, 6);
  const piece = numbers("Extent", one("Piece").attributes.Extent, 6);
  if (piece.join() !== extent.join())
    damaged(`has a piece of the extent ${piece.join(" ")}, where ${extent.join(" ")} is the whole`);
  if (Direction !== undefined && numbers("Direction", Direction, 9).join() !== "1,0,0,0,1,0,0,0,1") {
    fail(who, "has a direction that turns its axes. Resample it along x, y and z.", "unsupported");
  }
  const spacing = numbers("Spacing", Spacing ?? "1 1 1", 3);
  const origin = numbers("Origin", Origin ?? "0 0 0", 3).map(
    (place, axis) => place + extent[2 * axis]! * spacing[axis]!,
  );
  return {
    points: [0, 1, 2].map((axis) => extent[2 * axis + 1]! - extent[2 * axis]! + 1),
    spacing,
    origin,
    arrays: arraysOf(all, bytes, coding, who, signal),
  };
}

function arraysOf(
  all: readonly Element[],
  bytes: Uint8Array,
  coding: Coding,
  who: string,
  signal: AbortSignal | undefined,
): VtkArray[] {
  const damaged = (what: string): never => fail(who, `${what}: the file is damaged.`, "corrupt-file");
  const end = all.find(({ name }) => name === "AppendedData");
  let appended: Appended | undefined;
  if (end !== undefined) {
    const mark = bytes.indexOf(95, end.start);
    if (mark < 0) damaged("has appended data without their mark _");
    appended = { bytes: bytes.subarray(mark + 1), isBase64: end.attributes.encoding === "base64" };
  }
  const offsets = all.map(({ attributes }) => Number(attributes.offset)).filter(Number.isSafeInteger);
  const arrays: VtkArray[] = [];
  let location: VtkArray["location"] | undefined;
  for (const { name: element, attributes, start } of all) {
    if (element === "PointData") location = "points";
    else if (element === "CellData") location = "cells";
    // What belongs to the whole file, such as its time.
    else if (element === "FieldData") location = undefined;
    if (element !== "DataArray" || location === undefined) continue;
    const { Name: name = "", type = "", format, offset, NumberOfComponents = "1" } = attributes;
    const what = `array ${JSON.stringify(name.slice(0, 80))}`;
    const components = numbersOf(who, "NumberOfComponents", NumberOfComponents, 1)[0]!;
    const stored = types[type];
    if (stored === undefined)
      fail(who, `${what} is of the type ${JSON.stringify(type.slice(0, 40))}; write it as numbers.`, "unsupported");
    const text = (): Uint8Array => {
      const stop = bytes.indexOf(60, start);
      return bytes.subarray(start, stop < 0 ? bytes.length : stop);
    };
    const place = (): Uint8Array => {
      const from = Number(offset);
      if (appended === undefined || !Number.isSafeInteger(from) || from < 0)
        return damaged(`${what} is appended at no place`);
      if (!appended.isBase64) return appended.bytes.subarray(from);
      const next = Math.min(...offsets.filter((other) => other > from));
      const close = appended.bytes.indexOf(60, from);
      return fromBase64(
        who,
        what,
        appended.bytes.subarray(from, Math.min(next, close < 0 ? appended.bytes.length : close)),
      );
    };
    const read = (length: number): Uint8Array | Promise<Uint8Array> => {
      if (format === "ascii") return parseNumbers(who, what, text(), stored!, length);
      if (format === "binary") return unpack(who, what, fromBase64(who, what, text()), length, coding, signal);
      if (format === "appended") return unpack(who, what, place(), length, coding, signal);
      return damaged(`${what} has the format ${JSON.stringify(String(format).slice(0, 40))}`);
    };
    arrays.push({
      name,
      location,
      stored: stored!,
      components,
      bigEndian: coding.bigEndian && format !== "ascii",
      bytes: read,
    });
  }
  return arrays;
}
