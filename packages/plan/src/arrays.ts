// The arrays of a plan: how each value is read, where it lies, and which kernels write and read it.
import type { Value } from "@hooke/runtime";
import type { Layout, Place } from "./layout.ts";
import { addTo } from "./lists.ts";
import type { Lifetime } from "./liveness.ts";
import type { View } from "./view.ts";

/** How a kernel reads an array. */
export interface Read {
  readonly kernel: number;
  /** Element by element in the order of the kernel's loop. */
  readonly inStep: boolean;
}

/** The place of arrays that begin and end within one stage of kernels in blocks: of those of one size, blocks are at the same places, so that the next has the place of one that has ended. */
interface Slot {
  readonly place: Place;
  /** The last kernel that reads it. */
  until: number;
}

export class Arrays {
  /** The view through which each value is read. */
  readonly views = new Map<Value, View>();
  /** Values that are one number everywhere; they need no memory. */
  readonly fills = new Map<Value, number>();
  /** Where roots of views lie, once that is decided. */
  readonly places = new Map<Value, Place>();
  private readonly firstWrites = new Map<Value, number>();
  private readonly lastWrites = new Map<Value, number>();
  /** Which kernels read a root. */
  readonly reads = new Map<Value, Read[]>();
  /** Which kernels write a root. */
  readonly writes = new Map<Value, number[]>();
  /** The stages of kernels, once all are known: before, each is one by itself. */
  stages: readonly number[] = [];
  /** Stages in blocks, once they are known. */
  blocks: ReadonlyMap<number, number> = new Map();

  /** Notes that a kernel writes a root. */
  written(root: Value, kernel: number): void {
    this.firstWrites.set(root, Math.min(kernel, this.firstWrites.get(root) ?? kernel));
    this.lastWrites.set(root, Math.max(kernel, this.lastWrites.get(root) ?? kernel));
    addTo(this.writes, root, kernel);
  }

  /** Notes that a kernel reads a root. */
  read(root: Value, kernel: number, inStep: boolean): void {
    addTo(this.reads, root, { kernel, inStep });
  }

  stageOf(kernel: number): number {
    return this.stages[kernel] ?? kernel;
  }

  isWritten(root: Value): boolean {
    return this.firstWrites.has(root);
  }

  /** The first kernel that may read a root: 0 for what exists from the start. */
  readyAt(root: Value): number {
    return (this.lastWrites.get(root) ?? -1) + 1;
  }

  /**
   * Whether `root` may be written right over `old`: nothing reads the old values afterwards.
   *
   * @param inStep whether the kernel that writes goes through both element by element
   */
  mayOverwrite(old: Value, root: Value, inStep: boolean): boolean {
    const from = this.firstWrites.get(root)!;
    return (this.reads.get(old) ?? []).every(
      (read) => this.stageOf(read.kernel) < this.stageOf(from) || (inStep && read.kernel === from && read.inStep),
    );
  }

  /** Gives every written root without a place a part of the workspace, which has no place in it yet. */
  temporaries(layout: Layout): Lifetime<Value>[] {
    const roots = [...this.firstWrites].filter(([value]) => !this.places.has(value)).sort(([, a], [, b]) => a - b);
    const slots = new Map<string, Slot[]>();
    return roots.flatMap(([value, from]) => {
      // Kernels in blocks come before others that stood between them: the last kernel need not be in the last stage.
      let to = this.lastWrites.get(value)!;
      let last = this.stageOf(to);
      for (const { kernel } of this.reads.get(value) ?? []) {
        to = Math.max(to, kernel);
        last = Math.max(last, this.stageOf(kernel));
      }
      const first = this.stageOf(from);
      const within = this.blocks.has(first) && first === last;
      const key = within ? `${first} ${layout.bytesOf(value)}` : "";
      const slot = slots.get(key)?.find(({ until }) => until < from);
      if (slot !== undefined) {
        slot.until = to;
        this.places.set(value, slot.place);
        return [];
      }
      const part = layout.part();
      const place = part.array(value);
      this.places.set(value, place);
      if (within) addTo(slots, key, { place, until: to });
      return [{ of: value, part, from: first, to: last }];
    });
  }
}
