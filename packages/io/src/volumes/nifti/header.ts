// The header of a NIfTI file, version 1 or 2, in either byte order.
// Source: https://nifti.nimh.nih.gov/nifti-1 (nifti1.h) and https://nifti.nimh.nih.gov/nifti-2 (nifti2.h)
import { fail } from "@hooke/runtime";
import type { StoredName } from "../../stored-array.ts";
import { type Affine, affineOf } from "./affine.ts";

/** Bytes before the data that are looked at, at most. */
export const longestHeader = 544;

/** What a NIfTI file holds. */
export interface NiftiHeader {
  readonly bigEndian: boolean;
  readonly stored: StoredName;
  /** Numbers of a voxel that lie side by side: 3 or 4 of a colour, else 1. */
  readonly interleaved: number;
  /** Along x, y, z, time, and numbers of a vector; those that the file does not have are 1. */
  readonly extents: readonly number[];
  /** Along x, y, z and time. */
  readonly steps: readonly number[];
  readonly slope: number;
  readonly intercept: number;
  /** Where the data begin. */
  readonly dataStart: number;
  readonly affine: Affine;
  readonly affineFrom: "sform" | "qform" | "spacing";
  /** The code of units, as it is stored. */
  readonly units: number;
}

const datatypes: Readonly<Record<number, readonly [stored: StoredName, interleaved: number]>> = {
  2: ["U8", 1],
  4: ["I16", 1],
  8: ["I32", 1],
  16: ["F32", 1],
  64: ["F64", 1],
  128: ["U8", 3],
  256: ["I8", 1],
  512: ["U16", 1],
  768: ["U32", 1],
  1024: ["I64", 1],
  1280: ["U64", 1],
  2304: ["U8", 4],
};
const refused: Readonly<Record<number, string>> = {
  1: "single bits",
  32: "complex numbers",
  1536: "floats of 128 bits",
  1792: "complex numbers",
  2048: "complex numbers",
};

/** Reads fields one way for both versions, which have them in other places and of other sizes. */
interface Fields {
  readonly bigEndian: boolean;
  /** Of the file before its data, with the four bytes that say whether there are extensions. */
  readonly size: number;
  readonly text: string;
  readonly single: string;
  readonly pair: string;
  dim(index: number): number;
  pixdim(index: number): number;
  readonly datatype: number;
  readonly dataStart: number;
  readonly slope: number;
  readonly intercept: number;
  readonly units: number;
  readonly qform: number;
  readonly sform: number;
  /** The quaternion's b, c and d, then the offsets along x, y and z. */
  quaternion(index: number): number;
  /** The first three rows of the affine, one after another. */
  rows(index: number): number;
}

function version1(view: DataView, bigEndian: boolean): Fields {
  const little = !bigEndian;
  const f32 = (at: number): number => view.getFloat32(at, little);
  const i16 = (at: number): number => view.getInt16(at, little);
  return {
    bigEndian,
    size: 352,
    text: textAt(view, 344, 4),
    single: "n+1\0",
    pair: "ni1\0",
    dim: (index) => i16(40 + 2 * index),
    pixdim: (index) => f32(76 + 4 * index),
    datatype: i16(70),
    dataStart: f32(108),
    slope: f32(112),
    intercept: f32(116),
    units: view.getUint8(123),
    qform: i16(252),
    sform: i16(254),
    quaternion: (index) => f32(256 + 4 * index),
    rows: (index) => f32(280 + 4 * index),
  };
}

function version2(view: DataView, bigEndian: boolean): Fields {
  const little = !bigEndian;
  const f64 = (at: number): number => view.getFloat64(at, little);
  const i64 = (at: number): number => Number(view.getBigInt64(at, little));
  const i32 = (at: number): number => view.getInt32(at, little);
  return {
    bigEndian,
    size: 544,
    text: textAt(view, 4, 8),
    single: "n+2\0\r\n\x1a\n",
    pair: "ni2\0\r\n\x1a\n",
    dim: (index) => i64(16 + 8 * index),
    pixdim: (index) => f64(104 + 8 * index),
    datatype: view.getInt16(12, little),
    dataStart: i64(168),
    slope: f64(176),
    intercept: f64(184),
    units: i32(500),
    qform: i32(344),
    sform: i32(348),
    quaternion: (index) => f64(352 + 8 * index),
    rows: (index) => f64(400 + 8 * index),
  };
}

const textAt = (view: DataView, at: number, length: number): string =>
  String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));

/** The fields by the first of them, the header's size, which tells the version and the byte order. */
function fieldsOf(bytes: Uint8Array, who: string): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const bigEndian of [false, true]) {
    const size = bytes.length < 4 ? 0 : view.getInt32(0, !bigEndian);
    if (size !== 348 && size !== 540) continue;
    if (bytes.length < size + 4) {
      fail(who, `is ${bytes.length} bytes long; its header takes ${size + 4}: it is cut short.`, "corrupt-file");
    }
    return size === 348 ? version1(view, bigEndian) : version2(view, bigEndian);
  }
  return fail(
    who,
    "does not start as a NIfTI file does (348 or 540); it is of another kind, or damaged.",
    "corrupt-file",
  );
}

/** Reads the header, from the bytes of a file or its first {@link longestHeader}. */
export function readNiftiHeader(bytes: Uint8Array, who: string): NiftiHeader {
  const fields = fieldsOf(bytes, who);
  const damaged = (what: string): never => fail(who, `${what}: the file is damaged.`, "corrupt-file");
  if (fields.text === fields.pair) {
    fail(who, "is the header of a pair, .hdr and .img. Save both as one .nii file, e.g. with nibabel.", "unsupported");
  }
  if (fields.text !== fields.single) {
    fail(
      who,
      "has the header of Analyze 7.5, or is damaged. Save it as a .nii file, e.g. with nibabel.",
      "unsupported",
    );
  }
  if (Object.hasOwn(refused, fields.datatype)) {
    fail(who, `holds ${refused[fields.datatype]}. Save it as float32, e.g. with nibabel.`, "unsupported");
  }
  const [stored, interleaved] =
    datatypes[fields.datatype] ?? damaged(`has the datatype ${fields.datatype}, which is none`);
  const rank = fields.dim(0);
  if (!(rank >= 1 && rank <= 7)) damaged(`states ${rank} dimensions, of which there are 1 to 7`);
  const upTo = (count: number, read: (axis: number) => number): number[] =>
    Array.from({ length: count }, (_, i) => (i < rank ? read(i + 1) : 1));
  const steps = upTo(4, (axis) => Math.abs(fields.pixdim(axis)));
  if (!steps.slice(0, 3).every((step) => step > 0 && step < Number.POSITIVE_INFINITY)) {
    fail(
      who,
      `has the spacing ${steps.slice(0, 3).join(", ")}, which is to be above 0. Set it, e.g. with set_zooms of nibabel.`,
      "corrupt-file",
    );
  }
  const { dataStart } = fields;
  if (dataStart !== 0 && !(Number.isSafeInteger(dataStart) && dataStart >= fields.size)) {
    damaged(`states that its data begin at byte ${dataStart}, where its header takes ${fields.size}`);
  }
  // A slope that is 0 or no number says that the numbers are as they are stored; colours are never scaled.
  const isScaled = fields.slope !== 0 && Number.isFinite(fields.slope) && interleaved === 1;
  if (isScaled && !Number.isFinite(fields.intercept)) damaged(`has the intercept ${fields.intercept}`);
  const affineFrom = fields.sform > 0 ? "sform" : fields.qform > 0 ? "qform" : "spacing";
  const affine = affineOf(affineFrom, steps, fields);
  if (!affine.flat().every(Number.isFinite)) damaged("has an affine that is not finite");
  return {
    bigEndian: fields.bigEndian,
    stored,
    interleaved,
    extents: upTo(7, fields.dim),
    steps,
    slope: isScaled ? fields.slope : 1,
    intercept: isScaled ? fields.intercept : 0,
    dataStart: dataStart === 0 ? fields.size : dataStart,
    affine,
    affineFrom,
    units: fields.units,
  };
}
