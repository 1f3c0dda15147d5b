// What kernels need for themselves, in gaps between the arrays that are there while they run.
import type { Plan } from "../kernel.ts";
import type { Layout } from "../layout.ts";
import { mostCarefully } from "../liveness.ts";

/** Bytes that the kernels of a stage need until they end. */
export interface Need {
  readonly stage: number;
  /** What the pieces of a kernel share: partial results. */
  partials: number;
  /** Of each thread, in parts: rearranged operands of products, patches of images. */
  readonly scratch: number[];
}

/** Where a stage has what it needs: offsets of the workspace, or as if it went on beyond its end. */
export interface Room {
  readonly partials: number;
  /** By threads. */
  readonly scratch: readonly (readonly number[])[];
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
 * @param layout of the workspace, with the arrays of the plan
 */
export function placeInGaps(plan: Plan, layout: Layout, needs: readonly Need[], threads: number): Rooms {
  const end = layout.bytes;
  const partsOf = ({ partials, scratch }: Need): number[] =>
    [partials, ...Array.from({ length: threads }, () => scratch).flat()].map((bytes) => layout.aligned(bytes));
  const total = (need: Need): number => partsOf(need).reduce((sum, bytes) => sum + bytes, 0);
  const rooms = new Map<Need, Room>();
  let beyond = 0;
  const sorted = needs.map((need) => ({ need, bytes: total(need) })).sort((a, b) => b.bytes - a.bytes);
  for (const [i, { need, bytes }] of sorted.entries()) {
    // Looking for gaps goes through all arrays.
    const careful = bytes > beyond && i < mostCarefully;
    const taken = careful ? takenIn(plan, need.stage) : [{ from: 0, to: end }];
    const { offsets, most } = placeParts(partsOf(need), taken, plan.room, end);
    const parts = need.scratch.length;
    rooms.set(need, {
      partials: offsets[0]!,
      scratch: Array.from({ length: threads }, (_, i) => offsets.slice(1 + i * parts, 1 + (i + 1) * parts)),
    });
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

/** An offset for each part, the largest first: in the lowest gap between what is taken, or beyond the end; and how far they reach. */
function placeParts(
  parts: readonly number[],
  taken: Span[],
  room: Plan["room"],
  end: number,
): { readonly offsets: readonly number[]; readonly most: number } {
  const offsets = parts.map(() => end);
  let most = end;
  for (const part of [...parts.keys()].sort((a, b) => parts[b]! - parts[a]!)) {
    const bytes = parts[part]!;
    if (bytes === 0) continue;
    let from = room.start;
    for (const span of taken) {
      if (from + bytes <= span.from) break;
      from = Math.max(from, span.to);
    }
    // What is beyond is memory of its own.
    if (from < end && from + bytes > room.start + room.bytes) from = most;
    most = Math.max(most, from + bytes);
    taken.splice(taken.findLastIndex((span) => span.from < from) + 1, 0, { from, to: from + bytes });
    offsets[part] = from;
  }
  return { offsets, most };
}
