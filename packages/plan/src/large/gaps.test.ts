// What kernels need for themselves lies where nothing is that is there while they run.
import { expect, it } from "vitest";
import type { Plan } from "../kernel.ts";
import { Layout } from "../layout.ts";
import { type Lifetime, placeTemporaries } from "../liveness.ts";
import { type Need, placeInGaps } from "./gaps.ts";

/** Lifetimes that have their places behind 128 bytes of something else. */
function planOf(spans: readonly (readonly [bytes: number, from: number, to: number])[]): Plan {
  const layout = new Layout();
  layout.reserve(128);
  const lifetimes = spans.map(([bytes, from, to]): Lifetime<never> => {
    const part = new Layout(layout);
    part.reserve(bytes);
    return { of: undefined as never, part, from, to };
  });
  const { offsets, bytes } = placeTemporaries(lifetimes);
  const start = layout.reserve(bytes);
  for (const [part, offset] of offsets) part.settle(start + offset);
  return { room: { start, bytes }, lifetimes } as unknown as Plan;
}

const endOf = ({ room }: Plan): number => room.start + room.bytes;

it("in the place of what has ended, or has not begun", () => {
  const plan = planOf([
    [1000, 0, 2],
    [1000, 0, 0],
    [1000, 2, 2],
  ]);
  const needs = [1, 2].map((stage): Need => ({ stage, scratch: [256], partials: 500 }));
  const { rooms, beyond } = placeInGaps(plan, needs, 2, endOf(plan));
  const places = rooms.map(({ scratch, partials }) => [partials, ...scratch.flat()]);
  expect(places[0]!.every((place) => place < endOf(plan))).toBe(true);
  expect(places[1]).toEqual([0, 512, 768].map((offset) => endOf(plan) + offset));
  expect(beyond).toBe(1024);
});

it("beyond, where that is there anyway, and nothing where nothing is needed", () => {
  const plan = planOf([[4096, 1, 1]]);
  const needs: Need[] = [
    { stage: 0, scratch: [64], partials: 0 },
    { stage: 1, scratch: [640], partials: 0 },
  ];
  expect(placeInGaps(plan, needs, 1, endOf(plan))).toEqual({
    rooms: needs.map(() => ({ scratch: [[endOf(plan)]], partials: expect.any(Number) })),
    beyond: 640,
  });
  expect(placeInGaps(plan, [], 1, endOf(plan))).toEqual({ rooms: [], beyond: 0 });
});

it("apart from arrays and from each other, whatever they are", () => {
  let state = 1;
  const random = (below: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  for (let round = 0; round < 50; round++) {
    const spans = Array.from({ length: 30 }, () => {
      const from = random(20);
      return [64 + random(2000), from, from + random(6)] as const;
    });
    const plan = planOf(spans);
    const needs = Array.from(
      { length: 20 },
      (_, stage): Need => ({ stage, scratch: [random(900), random(500), 0], partials: random(900) }),
    );
    const { rooms, beyond } = placeInGaps(plan, needs, 3, endOf(plan));
    for (const [i, { stage, scratch, partials }] of needs.entries()) {
      const own = [
        ...rooms[i]!.scratch.flatMap((parts) => parts.map((from, k) => ({ from, to: from + scratch[k]! }))),
        { from: rooms[i]!.partials, to: rooms[i]!.partials + partials },
      ].filter(({ from, to }) => to > from);
      const arrays = plan.lifetimes
        .filter(({ from, to }) => from <= stage && stage <= to)
        .map(({ part }) => ({ from: part.start, to: part.start + part.bytes }));
      for (const [k, mine] of own.entries()) {
        expect(mine.from).toBeGreaterThanOrEqual(plan.room.start);
        expect(mine.to).toBeLessThanOrEqual(endOf(plan) + beyond);
        for (const other of [...arrays, ...own.slice(k + 1)])
          expect(mine.to <= other.from || other.to <= mine.from).toBe(true);
      }
    }
  }
});
