// The workspace of a program: pointer slots, constants and temporaries at offsets that are known before it is allocated.
import { type Aval, sizeOf, type TypedArray } from "@hooke/runtime";
import type { Platform } from "./platform.ts";

/** Where an array lies: at an offset of some memory, behind a pointer at an offset of it, or behind a parameter of a function, whose number is the offset. */
export type Place = {
  readonly offset: number;
  /** Whether the memory is a thread's own: there are as many such arrays as threads. */
  readonly own: boolean;
} & (
  | { readonly kind: "workspace" }
  | {
      readonly kind: "slot" | "parameter";
      /** A part of a larger array: nothing may be written past its end. */
      readonly exact: boolean;
    }
);

/** Hands out parts of a workspace, or of memory that each thread has for itself; or of a part of either, whose own place is known later. */
export class Layout {
  readonly platform: Platform;
  /** Arrays to copy in when the workspace is allocated: only then is there room for them, and their elements are computed. */
  readonly constants: { readonly place: Place; readonly array: Aval; readonly data: () => TypedArray }[] = [];
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

  /** @param outer what this is a part of: see `part` */
  constructor(platform: Platform, outer?: Layout, own = false) {
    this.platform = platform;
    this.outer = outer;
    this.own = own;
  }

  /** A part, whose own place is known later. @param own whether it is memory of threads, which lies beside what is not */
  part(own = this.own): Layout {
    const part = new Layout(this.platform, this, own);
    if (own && !this.own) this.root.owned.push(part);
    return part;
  }

  get bytes(): number {
    return this.size;
  }

  /** Bytes rounded up to whole lines of the platform. */
  aligned(bytes: number): number {
    const { alignment } = this.platform;
    return Math.ceil(bytes / alignment) * alignment;
  }

  /** Bytes of an array's elements. */
  bytesOf({ shape, dtype }: Aval): number {
    return sizeOf(shape) * this.platform.elementBytes[dtype];
  }

  /** The bytes that each thread has for itself: what is laid out there is used at one time or another. */
  get ownBytes(): number {
    return Math.max(0, ...this.owned.map(({ bytes }) => bytes));
  }

  /** The offset of `bytes` bytes of its own. */
  reserve(bytes: number): number {
    const offset = this.size;
    this.size += this.aligned(bytes);
    return offset;
  }

  /** The place of an array of its own. */
  array(array: Aval): Place {
    return this.at(this.reserve(this.bytesOf(array) || 1));
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
  constant(array: Aval, data: () => TypedArray): Place {
    if (this.outer !== undefined) return this.root.constant(array, data);
    const place = this.array(array);
    this.constants.push({ place, array, data });
    return place;
  }

  private get root(): Layout {
    return this.outer?.root ?? this;
  }

  private placed<T extends { offset: number }>(place: T): T {
    this.places.push(place);
    return place;
  }
}
