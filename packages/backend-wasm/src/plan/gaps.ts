// What kernels need for themselves, in gaps between the arrays that are there while they run.
import type { Plan } from "./kernel.ts";
import { alignedBytes } from "./layout.ts";
import { mostCarefully } from "./liveness.ts";

/** Bytes that the kernels of a stage need until they end. */
export interface Need {
  readonly stage: number;
  /** Of each thread: rearranged operands of products, patches of images. */
  scratch: number;
  /** What the pieces of a kernel share: partial results. */
  partials: number;
}

/** Where a stage has what it needs: offsets of the workspace, or as if it went on beyond its end. */
export interface Room {
  /** By threads. */
  readonly scratch: readonly number[];
  readonly partials: number;
}

/** Rooms of all needs, and the bytes beyond the workspace that they take. */
export interface Rooms {
  readonly rooms: readonly Room[];
  readonly beyond: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Places needs, the largest first: where what is beyond the workspace anyway has room for one, it goes there.
 *
 * @param end of the workspace
 */
export function placeInGaps(plan: Plan, needs: readonly Need[], threads: number, end: number): Rooms {
  const total = ({ scratch, partials }: Need): number => threads * alignedBytes(scratch) + alignedBytes(partials);
  const rooms = new Map<Need, Room>();
  let beyond = 0;
  const sorted = needs.toSorted((a, b) => total(b) - total(a));
  for (const [i, need] of sorted.entries()) {
    // Looking for gaps goes through all arrays.
    const careful = total(need) > beyond && i < mostCarefully;
    const taken = careful ? takenIn(plan, need.stage) : [{ from: 0, to: end }];
    const last = plan.room.start + plan.room.bytes;
    let most = end;
    const place = (bytes: number): number => {
      if (bytes === 0) return end;
      let from = plan.room.start;
      for (const span of taken) {
        if (from + bytes <= span.from) break;
        from = Math.max(from, span.to);
      }
      // What is beyond is memory of its own.
      if (from < end && from + bytes > last) from = most;
      most = Math.max(most, from + bytes);
      taken.splice(taken.findLastIndex((span) => span.from < from) + 1, 0, { from, to: from + bytes });
      return from;
    };
    const partials = place(alignedBytes(need.partials));
    const scratch = Array.from({ length: threads }, () => place(alignedBytes(need.scratch)));
    rooms.set(need, { scratch, partials });
    beyond = Math.max(beyond, most - end);
  }
  return { rooms: needs.map((need) => rooms.get(need)!), beyond };
}

/** The parts of the workspace that arrays take in a stage, in order. */
const takenIn = ({ lifetimes }: Plan, stage: number): Span[] =>
  lifetimes
    .filter(({ from, to }) => from <= stage && stage <= to)
    .map(({ part }) => ({ from: part.start, to: part.start + part.bytes }))
    .sort((a, b) => a.from - b.from);
