// Sums, for each of several ranks: what the others send is known, so that no process waits.
import { expect, test } from "vitest";
import { communicatorOf } from "./communicator.ts";
import type { Mpi } from "./functions.ts";

/** Term `i` of a rank: large beside small, so that the order of a sum is seen in its last bits. */
const term = (rank: number, i: number): number => Math.fround(Math.sin(1 + rank + 7 * i) * 10 ** ((rank + i) % 9));

/** The sum of element `i` in the order of ranks, in f64. */
function sumOf(ranks: number, i: number): number {
  let sum = 0;
  for (let rank = 0; rank < ranks; rank++) sum += term(rank, i);
  return Math.fround(sum);
}

/** MPI as one rank sees it, while all sum so many numbers; what is padded is zero. */
function seenBy(rank: number, size: number, length: number): Mpi {
  let at = 0;
  const refuse = (): never => {
    throw new Error("a sum does not ask for this");
  };
  return {
    rank,
    size,
    alltoallv(_from, to, counts, starts) {
      const received = to as Float32Array;
      for (let r = 0; r < size; r++) {
        for (let i = 0; i < counts[r]! / 4; i++) {
          const index = at + starts[rank]! / 4 + i;
          received[starts[r]! / 4 + i] = index < length ? term(r, index) : 0;
        }
      }
    },
    allgatherInPlace(values, count) {
      const whole = values as Float32Array;
      const own = [(rank * count) / 4, ((rank + 1) * count) / 4] as const;
      for (let i = 0; i < (size * count) / 4; i++) {
        if (i < own[0] || i >= own[1]) whole[i] = at + i < length ? sumOf(size, at + i) : 0;
      }
      at += (size * count) / 4;
    },
    allgather(_from, _count, to) {
      const all = to as Float32Array;
      for (let i = 0; i < all.length; i++) all[i] = term(Math.floor(i / length), i % length);
    },
    allgatherv: refuse,
    beginAllgather: refuse,
    abort: refuse,
    finalize: refuse,
  };
}

test.each([
  ["few", 100],
  ["one piece", 3001],
  ["several pieces", 2 ** 19 + 12_345],
])("%s numbers, in the order of ranks", async (_, length) => {
  const places = Array.from({ length: Math.min(length, 500) }, (_, i) => Math.floor((i * length) / 500) % length);
  for (const size of [2, 3, 5, 9]) {
    for (const rank of [0, size - 1]) {
      const values = Float32Array.from({ length }, (_, i) => term(rank, i));
      await communicatorOf(seenBy(rank, size, length), { open() {}, close() {} }).sum(values);
      const asked = length < 5000 ? [...values.keys()] : [...places, length - 1];
      expect(asked.filter((i) => values[i] !== sumOf(size, i))).toEqual([]);
    }
  }
});
