// Where temporaries go: arrays whose lifetimes do not overlap share memory.
import { FreeBlocks } from "./free-blocks.ts";
import type { Layout } from "./layout.ts";

/** A temporary and the first and last kernel between which it must stay. */
export interface Lifetime<T = unknown> {
  readonly of: T;
  /** Its part of the workspace. */
  readonly part: Layout;
  readonly from: number;
  readonly to: number;
}

/** Placing one array looks at all that are placed: only so many, the largest, get this care. */
export const mostCarefully = 1000;

/**
 * Bytes that an array takes among others. Where many of one size begin at the same place of a page, they displace each other from the
 * cache, and a load waits for a store to another array: such arrays lie a line further apart.
 */
export function spacedBytes({ bytes, platform }: Layout): number {
  return bytes >= 4096 && bytes % 1024 === 0 ? bytes + platform.alignment : bytes;
}

export interface Placement {
  readonly offsets: Map<Layout, number>;
  readonly bytes: number;
}

/** Places those that get care, the largest first. */
export type PlaceLarge = (sorted: readonly Lifetime[]) => Placement;

/**
 * An offset for every temporary, and the bytes they take together. Larger arrays are placed first, each at the lowest gap. Beyond
 * the thousand largest the rest lies behind them and is placed in the order of time, which takes time in proportion to their number.
 */
export function placeTemporaries(lifetimes: readonly Lifetime[], placeLarge: PlaceLarge = placeInOrder): Placement {
  const sorted = lifetimes.toSorted((a, b) => spacedBytes(b.part) - spacedBytes(a.part) || a.from - b.from);
  const large = placeLarge(sorted.slice(0, mostCarefully));
  const rest = placeByTime(sorted.slice(mostCarefully));
  for (const [part, offset] of rest.offsets) large.offsets.set(part, large.bytes + offset);
  return { offsets: large.offsets, bytes: large.bytes + rest.bytes };
}

/** Each at the lowest gap between those before it. */
export function placeInOrder(sorted: readonly Lifetime[]): Placement {
  const placed: { offset: number; end: number; life: Lifetime }[] = [];
  const offsets = new Map<Layout, number>();
  let bytes = 0;
  for (const life of sorted) {
    const size = spacedBytes(life.part);
    let offset = 0;
    for (let i = 0; i < placed.length; i++) {
      const other = placed[i]!;
      if (other.life.from > life.to || other.life.to < life.from) continue;
      if (offset + size <= other.offset) break;
      offset = Math.max(offset, other.end);
    }
    offsets.set(life.part, offset);
    const entry = { offset, end: offset + size, life };
    const at = placed.findIndex((other) => other.offset > offset);
    placed.splice(at < 0 ? placed.length : at, 0, entry);
    bytes = Math.max(bytes, entry.end);
  }
  return { offsets, bytes };
}

/** As a heap would: arrays take the place of those that have ended. */
function placeByTime(lifetimes: readonly Lifetime[]): Placement {
  const offsets = new Map<Layout, number>();
  const free = new FreeBlocks();
  const endings = lifetimes.toSorted((a, b) => a.to - b.to);
  let ended = 0;
  let bytes = 0;
  for (const { part, from } of lifetimes.toSorted((a, b) => a.from - b.from)) {
    for (; endings[ended]!.to < from; ended++) {
      const gone = endings[ended]!.part;
      free.add(offsets.get(gone)!, spacedBytes(gone));
    }
    const size = spacedBytes(part);
    let offset = free.take(size);
    if (offset === undefined) {
      offset = free.takeEndingAt(bytes) ?? bytes;
      bytes = offset + size;
    }
    offsets.set(part, offset);
  }
  return { offsets, bytes };
}
