// A dataset before it is read: its type and shape, and what MATLAB means by them.
import { fail, type Shape, sizeOf } from "@hooke/runtime";
import { readStored, type StoredName } from "../stored-array.ts";
import { attributesOf, type Hdf5Attribute } from "./attributes.ts";
import { bytesOf } from "./bytes.ts";
import { addressOf, hasBits, typeByLayout } from "./checked-type.ts";
import type { OpenHdf5 } from "./library.ts";
import { numberLayout } from "./number-layout.ts";
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

/** The type of a dataset's numbers by where the file has their bits, which the library does not look at. */
function checkedType(file: OpenHdf5, path: string, metadata: Hdf5Metadata, type: Hdf5Type): Hdf5Type {
  return hasBits(metadata, type) ? typeByLayout(numberLayout(file.bytes, addressOf(file, path)), metadata, type) : type;
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
