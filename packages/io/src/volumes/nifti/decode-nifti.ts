// NIfTI files, .nii and .nii.gz: volumes of medical imaging.
import { checkOptions, checks, fail, type HostArray } from "@hooke/runtime";
import { inflate } from "../../inflate.ts";
import { checkBytes, type SourceOptions, textCheck } from "../../source.ts";
import { type Int64Options, readStored, storedSize } from "../../stored-array.ts";
import { channelsLast, countElements, defaultLimit, type VoxelGrid } from "../voxel-grid.ts";
import type { Affine } from "./affine.ts";
import { longestHeader, type NiftiHeader, readNiftiHeader } from "./header.ts";

/** Options of {@link decodeNifti}. */
export interface DecodeNiftiOptions extends SourceOptions, Int64Options {
  /** Bytes that the volume may take, as it is stored. Default 2 GiB. */
  readonly limit?: number;
  /** Ends the reading. */
  readonly signal?: AbortSignal;
}

/** A volume of a NIfTI file. */
export interface NiftiVolume extends VoxelGrid {
  /** Takes the place of a voxel in the grid, `[x, y, z, 1]`, to its place in space: four rows of four. `origin` is its last column. */
  readonly affine: Affine;
  /** What it is of: the matrix of the file, its quaternion, or, where it has neither, the spacing alone. */
  readonly affineFrom: "sform" | "qform" | "spacing";
  /** The units of space and time: metres, millimetres, micrometres, seconds and so on; undefined where the file does not say. */
  readonly units: { readonly space?: "m" | "mm" | "um"; readonly time?: "s" | "ms" | "us" | "Hz" | "ppm" | "rad/s" };
  /** From a channel to the next, in the unit of time, where channels are a series in time and the file says it. */
  readonly timeStep?: number;
}

/**
 * Reads a NIfTI file, version 1 or 2, in either byte order, gzipped or not. Channels are the points of a series in time, the numbers of a vector,
 * or red, green, blue and alpha. Where the file has a slope and an intercept, these are applied, and the values f64; else the
 * values are as `decodeNpy` gives them.
 *
 * @throws on damaged files (`"corrupt-file"`); on complex numbers, single bits, pairs of .hdr and .img, series of vectors, volumes
 *   beyond `limit` (`"unsupported"`); the signal's reason if it is aborted
 * @example
 * ```ts no-run
 * import { decodeFile } from "@hooke/io/node";
 * import { decodeNifti } from "@hooke/io/volumes";
 *
 * const { values, spacing, units } = await decodeFile("femur.nii.gz", decodeNifti);
 * console.log(values.shape, spacing.z, units.space);
 * ```
 */
export async function decodeNifti(bytes: Uint8Array, options: DecodeNiftiOptions = {}): Promise<NiftiVolume> {
  checkOptions<DecodeNiftiOptions>("decodeNifti", options, {
    optional: {
      source: textCheck,
      int64: (value) => checks.oneOf(value, ["i32", "f64"]),
      limit: checks.count,
      signal: checks.signal,
    },
  });
  checkBytes("decodeNifti", bytes);
  const { source: who = "nifti", int64 = "i32", limit = defaultLimit, signal } = options;
  signal?.throwIfAborted();
  const sizeOf = (start: Uint8Array): number => fileSize(readNiftiHeader(start, who), who, limit);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const file = isGzip
    ? await inflate(bytes, {
        who,
        what: "it",
        format: "gzip",
        startSize: longestHeader,
        sizeOf,
        // The limit is of the volume, which sizeOf has checked.
        limit: Number.POSITIVE_INFINITY,
        signal,
      })
    : bytes;
  const header = readNiftiHeader(file, who);
  const size = fileSize(header, who, limit);
  if (file.length !== size) {
    fail(who, `takes ${size} bytes by its header, and has ${file.length}: it is cut short or damaged.`, "corrupt-file");
  }
  return volumeOf(header, file.subarray(header.dataStart), who, int64);
}

function fileSize({ dataStart, extents, stored, interleaved }: NiftiHeader, who: string, limit: number): number {
  const size = storedSize(stored) * interleaved;
  return dataStart + countElements(who, extents, size, limit) * size;
}

const spaceUnits = { 1: "m", 2: "mm", 3: "um" } as const;
const timeUnits = { 8: "s", 16: "ms", 24: "us", 32: "Hz", 40: "ppm", 48: "rad/s" } as const;

function volumeOf(header: NiftiHeader, data: Uint8Array, who: string, int64: "i32" | "f64"): NiftiVolume {
  const { extents, steps, stored, interleaved, bigEndian, slope, intercept, affine, affineFrom } = header;
  const step = steps[3]!;
  const [width, height, depth, times, ...more] = extents as [number, number, number, number, ...number[]];
  const vector = more.reduce((product, extent) => product * extent, 1);
  if ([times, interleaved, ...more].filter((extent) => extent > 1).length > 1) {
    fail(
      who,
      `states the size ${extents.join("x")}${interleaved > 1 ? " in colour" : ""}; of the axes behind the third, and colour, one is ` +
        "read. Save each point in time as a file of its own, e.g. with nibabel.",
      "unsupported",
    );
  }
  const channels = times * vector;
  const isScaled = slope !== 1 || intercept !== 0;
  const read = (shape: readonly number[]): HostArray =>
    readStored(who, "the volume", { stored, shape, bigEndian }, data, isScaled ? "f64" : int64);
  const raw =
    interleaved > 1 ? read([depth, height, width, interleaved]) : channelsLast(read([channels, depth, height, width]));
  const space = spaceUnits[(header.units & 7) as keyof typeof spaceUnits];
  const time = timeUnits[(header.units & 56) as keyof typeof timeUnits];
  return {
    values: isScaled ? scaled(raw, slope, intercept) : raw,
    spacing: { x: steps[0]!, y: steps[1]!, z: steps[2]! },
    origin: { x: affine[0][3], y: affine[1][3], z: affine[2][3] },
    affine,
    affineFrom,
    units: { ...(space && { space }), ...(time && { time }) },
    ...(times > 1 && step > 0 && Number.isFinite(step) && { timeStep: step }),
  };
}

function scaled({ shape, data }: HostArray, slope: number, intercept: number): HostArray {
  const result = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = data[i]! * slope + intercept;
  return { shape, dtype: "f64", data: result };
}
