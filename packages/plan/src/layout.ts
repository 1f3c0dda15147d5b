// The workspace of a program: pointer slots, constants and temporaries at offsets that are known before it is allocated.
import { type Aval, byteSize, type HostArray, sizeOf, type Value } from "@hooke/runtime";

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

/** Bytes of an array's elements. */
export const arrayBytes = ({ shape, dtype }: Aval): number => sizeOf(shape) * byteSize[dtype];

/** Bytes rounded up to whole cache lines. */
export const alignedBytes = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** Bytes of an array in whole cache lines. */
export const paddedBytes = (array: Value): number => Math.max(alignment, alignedBytes(arrayBytes(array)));

/** Hands out parts of a workspace, or of memory that each thread has for itself; or of a part of either, whose own place is known later. */
export class Layout {
  /** Arrays to copy in when the workspace is allocated. */
  readonly constants: { readonly offset: number; readonly array: HostArray }[] = [];
  /** Whether this is memory of threads. */
  readonly own: boolean;
  /** What this is a part of, or the workspace beside memory of threads. */
  private readonly outer: Layout | undefined;
  private readonly owned: Layout[] = [];
  /** Places that move with this part. */
  private readonly places: { offset: number }[] = [];
  private size = 0;
  /** Where this part begins, once it is settled. */
  start = 0;

  /** @param own whether this is memory of threads, beside an outer one that is not */
  constructor(outer?: Layout, own = outer?.own ?? false) {
    this.outer = outer;
    this.own = own;
    if (own && outer?.own === false) outer.root.owned.push(this);
  }

  get bytes(): number {
    return this.size;
  }

  /** The bytes that each thread has for itself: what is laid out there is used at one time or another. */
  get ownBytes(): number {
    return Math.max(0, ...this.owned.map(({ bytes }) => bytes));
  }

  /** The offset of `bytes` bytes of its own. */
  reserve(bytes: number): number {
    const offset = this.size;
    this.size += alignedBytes(bytes);
    return offset;
  }

  /** The place of an array that lies at an offset. */
  at(offset: number): Place {
    return this.placed({ kind: "workspace", own: this.own, offset });
  }

  /** The place of an array whose pointer lies at an offset. */
  behind(offset: number, exact: boolean): Place {
    return this.placed({ kind: "slot", own: this.own, offset, exact });
  }

  /** Puts this part at an offset of what it is a part of; until then, its places are relative to it. */
  settle(offset: number): void {
    this.start = offset;
    for (const place of this.places) {
      place.offset += offset;
      this.outer!.places.push(place);
    }
  }

  /** An array that the code knows already: all threads read the same one. */
  constant(array: HostArray): Place {
    if (this.outer !== undefined) return this.root.constant(array);
    const offset = this.reserve(paddedBytes(array));
    this.constants.push({ offset, array });
    return this.at(offset);
  }

  private get root(): Layout {
    return this.outer?.root ?? this;
  }

  private placed<T extends { offset: number }>(place: T): T {
    this.places.push(place);
    return place;
  }
}
