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
    return [...this.firstWrites].flatMap(([value, from]) => {
      if (this.places.has(value)) return [];
      const part = layout.part();
      this.places.set(value, part.array(value));
      let to = this.lastWrites.get(value)!;
      for (const { kernel } of this.reads.get(value) ?? []) to = Math.max(to, kernel);
      return [{ of: value, part, from: this.stageOf(from), to: this.stageOf(to) }];
    });
  }
}
