// A dataset before it is read: its type and shape, and what MATLAB means by them.
import { fail, type Shape, sizeOf } from "@hooke/runtime";
import { readStored, type StoredName } from "../stored-array.ts";
import { attributesOf, type Hdf5Attribute } from "./attributes.ts";
import { bytesOf } from "./bytes.ts";
import type { OpenHdf5 } from "./library.ts";
import { describeLayout, floatsOf, numberLayout } from "./number-layout.ts";
import { type Hdf5Metadata, type Hdf5Type, typeOf } from "./types.ts";

/** A dataset before it is read. */
export interface DatasetHead {
  readonly metadata: Hdf5Metadata;
  readonly type: Hdf5Type;
  /** MATLAB's, where MATLAB wrote the dataset: reversed, or that of an array without values. */
  readonly shape: Shape | null;
  /** The attribute that MATLAB writes. */
  readonly matlabClass: string | undefined;
  readonly attributes: Readonly<Record<string, Hdf5Attribute>>;
}

/** The type of numbers by where the file has their bits, which the library does not look at. */
function checkedType(
  { module, id, ask, bytes }: OpenHdf5,
  path: string,
  { type: kind, size }: Hdf5Metadata,
  type: Hdf5Type,
): Hdf5Type {
  if (type.kind === "other" || (kind !== 0 && kind !== 1)) return type;
  const reference: Uint8Array = ask(path, () => module.create_object_reference(id, path));
  const address = Number(new DataView(Uint8Array.from(reference).buffer).getBigUint64(0, true));
  const layout = numberLayout(bytes, address);
  if (layout?.kind !== kind || layout.size !== size) return { kind: "other", name: "numbers of an unknown layout" };
  const stored = kind === 1 ? floatsOf(layout) : undefined;
  if (stored !== undefined) return { kind: "numbers", stored };
  const isPlain = kind === 0 && layout.offset === 0 && layout.precision === 8 * size;
  return isPlain ? type : { kind: "other", name: describeLayout(layout) };
}

/** What arrays without values are of, by MATLAB's names. */
const matlabTypes: Readonly<Record<string, StoredName>> = {
  double: "F64",
  single: "F32",
  logical: "BOOL",
  int8: "I8",
  uint8: "U8",
  int16: "I16",
  uint16: "U16",
  int32: "I32",
  uint32: "U32",
  int64: "I64",
  uint64: "U64",
};

/** The most dimensions that MATLAB is believed to have. */
const mostAxes = 64;

/** What is known of a dataset before it is read. */
export function datasetAt(file: OpenHdf5, path: string): DatasetHead {
  const { module, id, ask, who } = file;
  const metadata = ask(path, () => module.get_dataset_metadata(id, path)) as Hdf5Metadata;
  const attributes = attributesOf(file, path);
  const matlabClass = typeof attributes.MATLAB_class === "string" ? attributes.MATLAB_class : undefined;
  const type = checkedType(file, path, metadata, typeOf(metadata, matlabClass));
  if (matlabClass === undefined || metadata.shape === null) {
    return { metadata, type, shape: metadata.shape, matlabClass, attributes };
  }
  const shape = metadata.shape.toReversed();
  if (attributes.MATLAB_empty !== 1 || metadata.type !== 0 || metadata.size !== 8) {
    return { metadata, type, shape, matlabClass, attributes };
  }
  // The dimensions stand in the place of values.
  const bytes = bytesOf(file, path, { shape: metadata.shape, size: metadata.size, limit: mostAxes * 8 });
  const dimensions = readStored(who, path, { stored: "U64", shape: [sizeOf(shape)], bigEndian: false }, bytes, "f64");
  // Otherwise the dataset would be taken for one of another size.
  if (!dimensions.data.includes(0)) {
    const shown = [...dimensions.data].join(", ");
    fail(
      who,
      `${path} says that it has no values, and the dimensions [${shown}]: the file is damaged.`,
      "corrupt-file",
    );
  }
  const stored = Object.hasOwn(matlabTypes, matlabClass) ? matlabTypes[matlabClass] : undefined;
  return {
    metadata,
    type: stored === undefined ? type : { kind: "numbers", stored },
    shape: [...dimensions.data],
    matlabClass,
    attributes,
  };
}
