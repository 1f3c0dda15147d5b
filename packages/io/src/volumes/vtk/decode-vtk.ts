// VTK image data: volumes of simulation and of imaging.
import { checkOptions, checks, fail, quoted, suggestion } from "@hooke/runtime";
import { checkBytes, type SourceOptions, textCheck } from "../../source.ts";
import { type Int64Options, readStored, storedSize } from "../../stored-array.ts";
import { countElements, defaultLimit, type VoxelGrid } from "../voxel-grid.ts";
import type { VtkArray, VtkImage } from "./image.ts";
import { isLegacy, readLegacy } from "./legacy.ts";
import { readXml } from "./xml.ts";

/** Options of {@link decodeVtk}. */
export interface DecodeVtkOptions extends SourceOptions, Int64Options {
  /** The array to read, by its name. Default: the only one. */
  readonly array?: string;
  /** Bytes that the array may take, as it is stored. Default 2 GiB. */
  readonly limit?: number;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** An array of VTK image data. */
export interface VtkVolume extends VoxelGrid {
  /** The array's name. */
  readonly array: string;
  /** Whether its numbers are at the points of the grid, or in the cells between them, whose middles are then the voxels. */
  readonly location: "points" | "cells";
}

/**
 * Reads an array of VTK image data: the legacy format (`STRUCTURED_POINTS`, as text or binary), and the XML format .vti (as text, base64 or appended,
 * with zlib or without). Numbers become what `decodeNpy` makes of them.
 *
 * @throws on damaged files (`"corrupt-file"`); on other data sets, several pieces, axes that are turned, other compressors, arrays beyond `limit`
 *   (`"unsupported"`); where there are several arrays and none is chosen, or the chosen one is not there (`"mismatch"`); the signal's
 *   reason if it is aborted
 * @example
 * ```ts no-run
 * import { decodeFile } from "@hooke/io/node";
 * import { decodeVtk } from "@hooke/io/volumes";
 *
 * const { values, spacing } = await decodeFile("foam.vti", decodeVtk, { array: "density" });
 * console.log(values.shape, spacing.x);
 * ```
 */
export async function decodeVtk(bytes: Uint8Array, options: DecodeVtkOptions = {}): Promise<VtkVolume> {
  checkOptions<DecodeVtkOptions>("decodeVtk", options, {
    optional: {
      source: textCheck,
      int64: (value) => checks.oneOf(value, ["i32", "f64"]),
      array: textCheck,
      limit: checks.count,
      signal: checks.signal,
    },
  });
  checkBytes("decodeVtk", bytes);
  const { source: who = "vtk", int64 = "i32", limit = defaultLimit, signal } = options;
  signal?.throwIfAborted();
  const image = imageOf(bytes, who, signal);
  const array = chosen(image.arrays, who, options.array);
  const { stored, components, bigEndian, location, name } = array;
  const isCells = location === "cells";
  // An axis of one point has cells without thickness.
  const hasMiddles = image.points.map((points) => isCells && points > 1);
  const [width, height, depth] = image.points.map((points, axis) => points - (hasMiddles[axis] ? 1 : 0));
  const size = storedSize(stored);
  const count = countElements(who, [width!, height!, depth!, components], size, limit);
  if (!image.spacing.every((step) => step > 0)) {
    fail(
      who,
      `has the spacing ${image.spacing.join(", ")}, which is to be above 0: the file is damaged.`,
      "corrupt-file",
    );
  }
  const shape = [depth!, height!, width!, components];
  const data = await array.bytes(count * size);
  const values = readStored(who, `array ${JSON.stringify(name)}`, { stored, shape, bigEndian }, data, int64);
  const axes = ([x, y, z]: readonly number[]) => ({ x: x!, y: y!, z: z! });
  const origin = image.origin.map((place, axis) => place + (hasMiddles[axis] ? image.spacing[axis]! / 2 : 0));
  return { values, spacing: axes(image.spacing), origin: axes(origin), array: name, location };
}

function imageOf(bytes: Uint8Array, who: string, signal: AbortSignal | undefined): VtkImage {
  if (isLegacy(bytes)) return readLegacy(bytes, who);
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 1000));
  if (/^\s*<(\?xml|!--|VTKFile)/.test(start.replace("\u00ef\u00bb\u00bf", ""))) return readXml(bytes, who, signal);
  return fail(
    who,
    'starts neither with "# vtk DataFile Version" nor as XML: it is of another kind, or damaged.',
    "corrupt-file",
  );
}

function chosen(arrays: readonly VtkArray[], who: string, name: string | undefined): VtkArray {
  const names = arrays.map((array) => array.name);
  const found = name === undefined ? arrays : arrays.filter((array) => array.name === name);
  if (found.length === 1) return found[0]!;
  const list = names.length === 0 ? "no arrays" : `the arrays ${quoted(names)}`;
  if (name === undefined) return fail(who, `has ${list}; choose one with the option array.`, "mismatch");
  if (found.length > 1)
    return fail(who, `has ${found.length} arrays ${JSON.stringify(name)}; give them other names.`, "unsupported");
  return fail(who, `has no array ${JSON.stringify(name)}.${suggestion(name, names)} It has ${list}.`, "mismatch");
}
