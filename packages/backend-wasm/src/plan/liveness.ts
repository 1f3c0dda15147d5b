// Where temporaries go: arrays whose lifetimes do not overlap share memory.
import type { Value } from "@hooke/runtime";
import { paddedBytes } from "./layout.ts";

/** A temporary and the first and last kernel between which it must stay. */
export interface Lifetime {
  readonly value: Value;
  readonly from: number;
  readonly to: number;
}

/** An offset for every temporary, and the bytes they take together. Larger arrays are placed first, each at the lowest gap. */
export function placeTemporaries(lifetimes: readonly Lifetime[]): { offsets: Map<Value, number>; bytes: number } {
  const placed: { offset: number; end: number; life: Lifetime }[] = [];
  const offsets = new Map<Value, number>();
  let bytes = 0;
  for (const life of lifetimes.toSorted((a, b) => paddedBytes(b.value) - paddedBytes(a.value) || a.from - b.from)) {
    const size = paddedBytes(life.value);
    let offset = 0;
    for (const other of placed) {
      if (other.life.from > life.to || other.life.to < life.from) continue;
      if (offset + size <= other.offset) break;
      offset = Math.max(offset, other.end);
    }
    offsets.set(life.value, offset);
    const entry = { offset, end: offset + size, life };
    const at = placed.findIndex((other) => other.offset > offset);
    placed.splice(at < 0 ? placed.length : at, 0, entry);
    bytes = Math.max(bytes, entry.end);
  }
  return { offsets, bytes };
}
