// What the kernels of a plan are printed with: pointers of its arrays, and room for what a kernel needs for itself.

import type { Operand, Place, Plan, View } from "@hooke/plan";
import type { Value } from "@hooke/runtime";
import type { Dialect } from "./dialect.ts";
import { behind, type Pointer } from "./pointer.ts";
import { Text } from "./text.ts";

/** What the device is like. */
export interface Traits {
  /** The language of its kernels. */
  readonly dialect: Dialect;
  /** Whether a processor computes in its place: threads that wait for each other cost more there than they save. */
  readonly onProcessor: boolean;
}

/** Memory that kernels need for themselves, one after the other. */
export class Scratch {
  /** Words of the kernel that needs most. */
  most = 0;
  private taken = 0;

  /** Forgets what the kernel before had. */
  begin(): void {
    this.taken = 0;
  }

  /** An offset of words of this kernel's own. */
  take(words: number): number {
    const offset = this.taken;
    this.taken += Math.ceil(words / 16) * 16;
    this.most = Math.max(this.most, this.taken);
    return offset;
  }
}

export class Printer {
  readonly traits: Traits;
  /** How many loops are around. */
  readonly levels: number;
  private readonly plan: Plan;
  private readonly pointers: ReadonlyMap<Place, Pointer>;
  private readonly room: Scratch;
  private readonly roomStart: number;

  constructor(
    traits: Traits,
    plan: Plan,
    pointers: ReadonlyMap<Place, Pointer>,
    levels: number,
    room: Scratch,
    roomStart: number,
  ) {
    this.traits = traits;
    this.plan = plan;
    this.pointers = pointers;
    this.levels = levels;
    this.room = room;
    this.roomStart = roomStart;
  }

  text(): Text {
    return new Text(this.traits.dialect, this.levels);
  }

  /** Where a place is. */
  at(place: Place): Pointer {
    return this.pointers.get(place) ?? { base: 0, offset: place.offset / 4, steps: [] };
  }

  /** Where an array begins. */
  root(value: Value): Pointer {
    return this.at(this.plan.places.get(value)!);
  }

  operand({ root, offset }: Operand): Pointer {
    return behind(this.root(root), offset);
  }

  /** Where a view begins, or the array where its elements are packed. */
  view({ root, offset, packed }: View): Pointer {
    return behind(this.root(root), packed ? 0 : offset);
  }

  /** Words of the kernel's own, as long as it runs. */
  scratch(words: number): Pointer {
    return { base: 0, offset: this.roomStart + this.room.take(words), steps: [] };
  }
}
