// The arrays that are there at the same time, kernel by kernel and in stages of several.
import type { Arrays } from "@hooke/plan";
import type { Value } from "@hooke/runtime";
import { arrayBytes } from "../platform.ts";

/** An array from the kernel that makes it to the last that reads it. */
interface Span {
  readonly root: Value;
  readonly from: number;
  readonly to: number;
  readonly bytes: number;
}

export class Alive {
  /** The bytes that are there at most, kernel by kernel. */
  readonly most: number;
  private readonly begun: readonly Span[][];
  /** The bytes of what earlier kernels made and this one, or a later one, reads. */
  private readonly before: readonly number[];

  constructor(kernels: number, { reads, writes }: Pick<Arrays, "reads" | "writes">) {
    this.begun = Array.from({ length: kernels }, (): Span[] => []);
    const changes = new Array<number>(kernels + 1).fill(0);
    for (const [root, by] of writes) {
      const from = Math.min(...by);
      const to = Math.max(...by, ...(reads.get(root) ?? []).map(({ kernel }) => kernel));
      const bytes = arrayBytes(root);
      this.begun[from]!.push({ root, from, to, bytes });
      changes[from]! += bytes;
      changes[Math.min(to + 1, kernels)]! -= bytes;
    }
    let now = 0;
    const there = changes.slice(0, kernels).map((change) => (now += change));
    this.most = there.reduce((most, bytes) => Math.max(most, bytes), 0);
    this.before = there.map((bytes, i) => bytes - this.begun[i]!.reduce((sum, span) => sum + span.bytes, 0));
  }

  /**
   * The bytes of what is there while the kernels from one to another are one stage: all that is there at some time, but for arrays that begin and end within it, which
   * have each other's places where they are of one size.
   *
   * @param kept what kernels read that follow behind
   */
  together(first: number, last: number, kept: ReadonlySet<Value>): number {
    const begun = this.begun.slice(first, last + 1).flat();
    const stays = ({ root, to }: Span): boolean => to > last || kept.has(root);
    let bytes = begun.filter(stays).reduce((sum, span) => sum + span.bytes, this.before[first]!);
    const within = Map.groupBy(
      begun.filter((span) => !stays(span)),
      (span) => span.bytes,
    );
    for (const [each, spans] of within) {
      const places: number[] = [];
      for (const { from, to } of spans) {
        const free = places.findIndex((until) => until < from);
        places[free < 0 ? places.length : free] = to;
      }
      bytes += each * places.length;
    }
    return bytes;
  }
}
