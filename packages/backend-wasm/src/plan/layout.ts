// The workspace of a program: pointer slots, constants and temporaries at offsets that are known before it is allocated.
import { byteSize, type HostArray, sizeOf, type Value } from "@hooke/runtime";

/** Where an array lies: at an offset of some memory, or behind a pointer at an offset of it. */
export type Place = {
  readonly offset: number;
  /** Whether the memory is a thread's own: there are as many such arrays as threads. */
  readonly own: boolean;
} & (
  | { readonly kind: "workspace" }
  | {
      readonly kind: "slot";
      /** A part of a larger array: nothing may be written past its end. */
      readonly exact: boolean;
    }
);

const alignment = 64;

/** Bytes of an array, rounded up to whole cache lines. */
export const paddedBytes = ({ shape, dtype }: Value): number =>
  Math.max(alignment, Math.ceil((sizeOf(shape) * byteSize[dtype]) / alignment) * alignment);

/** Hands out parts of a workspace, or of memory that each thread has for itself. */
export class Layout {
  /** Arrays to copy in when the workspace is allocated. */
  readonly constants: { readonly offset: number; readonly array: HostArray }[] = [];
  /** The workspace, where this is memory of threads. */
  private readonly shared: Layout | undefined;
  private readonly owned: Layout[] = [];
  private size = 0;

  constructor(shared?: Layout) {
    this.shared = shared;
    shared?.owned.push(this);
  }

  get bytes(): number {
    return this.size;
  }

  /** Whether this is memory of threads. */
  get own(): boolean {
    return this.shared !== undefined;
  }

  /** The bytes that each thread has for itself: what is laid out there is used at one time or another. */
  get ownBytes(): number {
    return Math.max(0, ...this.owned.map(({ bytes }) => bytes));
  }

  /** The offset of `bytes` bytes of its own. */
  reserve(bytes: number): number {
    const offset = this.size;
    this.size += Math.ceil(bytes / alignment) * alignment;
    return offset;
  }

  /** The place of an array that lies at an offset. */
  at(offset: number): Place {
    return { kind: "workspace", own: this.own, offset };
  }

  /** The place of an array whose pointer lies at an offset. */
  behind(offset: number, exact: boolean): Place {
    return { kind: "slot", own: this.own, offset, exact };
  }

  /** An array that the code knows already: all threads read the same one. */
  constant(array: HostArray): Place {
    if (this.shared !== undefined) return this.shared.constant(array);
    const offset = this.reserve(paddedBytes(array));
    this.constants.push({ offset, array });
    return this.at(offset);
  }
}
