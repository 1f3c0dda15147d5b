// The datatypes of HDF5, as far as they have an array here or can be named.
import type { Shape } from "@hooke/runtime";
import type { StoredName } from "../stored-array.ts";

/** What the library says of a datatype and its dataspace. */
export interface Hdf5Metadata {
  readonly type: number;
  readonly size: number;
  readonly signed: boolean;
  readonly vlen: boolean;
  readonly shape: Shape | null;
  readonly chunks?: Shape | null;
  readonly ref_type?: "object" | "region";
  readonly enum_type?: { readonly type: number; readonly members: Readonly<Record<string, number>> };
  readonly compound_type?: { readonly members: readonly (Hdf5Metadata & { readonly name: string })[] };
  readonly array_type?: Hdf5Metadata;
  readonly vlen_type?: Hdf5Metadata;
}

/** What a datatype becomes. */
export type Hdf5Type =
  | { readonly kind: "numbers"; readonly stored: StoredName }
  | { readonly kind: "text" | "references" | "other"; readonly name: string };

const integers: Readonly<Record<number, readonly [signed: StoredName, unsigned: StoredName]>> = {
  1: ["I8", "U8"],
  2: ["I16", "U16"],
  4: ["I32", "U32"],
  8: ["I64", "U64"],
};
const floats: Readonly<Record<number, StoredName>> = { 2: "F16", 4: "F32", 8: "F64" };

/** What a dataset of MATLAB holds, by its attribute `MATLAB_class`, where its datatype does not tell. */
export function typeOf(metadata: Hdf5Metadata, matlabClass?: string): Hdf5Type {
  const { type, size, signed, ref_type, enum_type } = metadata;
  const integer = integers[size]?.[signed ? 0 : 1];
  if (type === 0 && integer !== undefined) {
    if (matlabClass === "char") return { kind: "text", name: "text" };
    return { kind: "numbers", stored: matlabClass === "logical" && integer === "U8" ? "BOOL" : integer };
  }
  if (type === 1 && floats[size] !== undefined) return { kind: "numbers", stored: floats[size] };
  if (type === 3) return { kind: "text", name: "text" };
  if (type === 7 && ref_type === "object") return { kind: "references", name: "references" };
  if (type === 8 && enum_type?.type === 0 && integer !== undefined) {
    // h5py writes bools as an enumeration.
    const { FALSE, TRUE } = enum_type.members;
    const isBool = size === 1 && FALSE === 0 && TRUE === 1 && Object.keys(enum_type.members).length === 2;
    return { kind: "numbers", stored: isBool ? "BOOL" : integer };
  }
  return { kind: "other", name: nameOf(metadata) };
}

const classes = ["integer", "float", "time", "text", "bits", "opaque", "compound", "region references", "enumeration"];

/** A datatype in words, e.g. `"compound (r: F64, i: F64)"`. */
function nameOf(metadata: Hdf5Metadata): string {
  const { type, size, compound_type, array_type, vlen_type } = metadata;
  if (compound_type !== undefined) {
    return `compound (${compound_type.members.map((member) => `${member.name}: ${typeName(typeOf(member))}`).join(", ")})`;
  }
  if (array_type !== undefined) return `array of ${typeName(typeOf(array_type))}`;
  if (vlen_type !== undefined) return `lists of ${typeName(typeOf(vlen_type))}`;
  const name = classes[type] ?? `class ${type}`;
  return type < 2 ? `${name} of ${size} bytes` : name;
}

/** The name of a type in listings. */
export function typeName(type: Hdf5Type): string {
  return type.kind === "numbers" ? type.stored : type.name;
}
