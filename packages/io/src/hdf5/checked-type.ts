// Types of numbers by where the file has their bits, which the library does not look at.
import type { OpenHdf5 } from "./library.ts";
import { describeLayout, floatsOf, type NumberLayout } from "./number-layout.ts";
import type { Hdf5Metadata, Hdf5Type } from "./types.ts";

/** Where an object is in its file, as a reference to it holds it. */
export function addressOf({ module, id, ask }: OpenHdf5, path: string): number {
  const reference: Uint8Array = ask(path, () => module.create_object_reference(id, path));
  return Number(new DataView(Uint8Array.from(reference).buffer).getBigUint64(0, true));
}

/** Whether bits can be elsewhere than they are taken to be: in whole numbers and floats. */
export const hasBits = ({ type: kind }: Hdf5Metadata, type: Hdf5Type): boolean =>
  type.kind !== "other" && (kind === 0 || kind === 1);

/** What numbers are by their layout; a type that is not read where it is not known, or none that a program computes with. */
export function typeByLayout(
  layout: NumberLayout | undefined,
  { type: kind, size }: Hdf5Metadata,
  type: Hdf5Type,
): Hdf5Type {
  if (layout?.kind !== kind || layout.size !== size) return { kind: "other", name: "numbers of an unknown layout" };
  const stored = kind === 1 ? floatsOf(layout) : undefined;
  if (stored !== undefined) return { kind: "numbers", stored };
  const isPlain = kind === 0 && layout.offset === 0 && layout.precision === 8 * size;
  return isPlain ? type : { kind: "other", name: describeLayout(layout) };
}
