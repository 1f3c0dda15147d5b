// The workspace of a program: pointer slots, constants and temporaries at offsets that are known before it is allocated.
import { byteSize, type HostArray, sizeOf, type Value } from "@hooke/runtime";

/** Where an array lies: at an offset of the workspace, or behind a pointer in a slot. */
export type Place =
  | { readonly kind: "workspace"; readonly offset: number }
  | {
      readonly kind: "slot";
      readonly slot: number;
      /** A part of a larger array: nothing may be written past its end. */
      readonly exact: boolean;
    };

const alignment = 64;

/** Bytes of an array, rounded up to whole cache lines. */
export const paddedBytes = ({ shape, dtype }: Value): number =>
  Math.max(alignment, Math.ceil((sizeOf(shape) * byteSize[dtype]) / alignment) * alignment);

/** Hands out parts of a workspace. */
export class Layout {
  /** Arrays to copy in when the workspace is allocated. */
  readonly constants: { readonly offset: number; readonly array: HostArray }[] = [];
  private readonly slotOffsets: number[] = [];
  private size = 0;

  get bytes(): number {
    return this.size;
  }

  /** The offset of `bytes` bytes of its own. */
  reserve(bytes: number): number {
    const offset = this.size;
    this.size += Math.ceil(bytes / alignment) * alignment;
    return offset;
  }

  /** A pointer slot; consecutive calls give consecutive words. */
  slots(count: number): number {
    const first = this.slotOffsets.length;
    const offset = this.reserve(4 * count);
    for (let i = 0; i < count; i++) this.slotOffsets.push(offset + 4 * i);
    return first;
  }

  /** The offset of a slot's word. */
  slotOffset(slot: number): number {
    return this.slotOffsets[slot]!;
  }

  constant(array: HostArray): Place {
    const offset = this.reserve(paddedBytes(array));
    this.constants.push({ offset, array });
    return { kind: "workspace", offset };
  }
}
