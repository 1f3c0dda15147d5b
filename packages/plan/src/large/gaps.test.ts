// What kernels need for themselves lies where nothing is that is there while they run.
import { expect, it } from "vitest";
import type { Plan } from "../kernel.ts";
import { Layout } from "../layout.ts";
import { type Lifetime, placeTemporaries } from "../liveness.ts";
import { platform } from "../platform.fixture.ts";
import { type Need, placeInGaps } from "./gaps.ts";

/** Lifetimes that have their places behind 128 bytes of something else. */
function planOf(spans: readonly (readonly [bytes: number, from: number, to: number])[]): {
  plan: Plan;
  layout: Layout;
} {
  const layout = new Layout(platform);
  layout.reserve(128);
  const lifetimes = spans.map(([bytes, from, to]): Lifetime<never> => {
    const part = layout.part();
    part.reserve(bytes);
    return { of: undefined as never, part, from, to };
  });
  const { offsets, bytes } = placeTemporaries(lifetimes);
  const start = layout.reserve(bytes);
  for (const [part, offset] of offsets) part.settle(start + offset);
  return { plan: { room: { start, bytes }, lifetimes } as unknown as Plan, layout };
}

it("in the place of what has ended, or has not begun", () => {
  const { plan, layout } = planOf([
    [1000, 0, 2],
    [1000, 0, 0],
    [1000, 2, 2],
  ]);
  const needs = [1, 2].map((stage): Need => ({ stage, scratch: [256], partials: 500 }));
  const { rooms, beyond } = placeInGaps(plan, layout, needs, 2);
  const places = rooms.map(({ scratch, partials }) => [partials, ...scratch.flat()]);
  expect(places[0]!.every((place) => place < layout.bytes)).toBe(true);
  expect(places[1]).toEqual([0, 512, 768].map((offset) => layout.bytes + offset));
  expect(beyond).toBe(1024);
});

it("beyond, where that is there anyway, and nothing where nothing is needed", () => {
  const { plan, layout } = planOf([[4096, 1, 1]]);
  const needs: Need[] = [
    { stage: 0, scratch: [64], partials: 0 },
    { stage: 1, scratch: [640], partials: 0 },
  ];
  expect(placeInGaps(plan, layout, needs, 1)).toEqual({
    rooms: needs.map(() => ({ scratch: [[layout.bytes]], partials: expect.any(Number) })),
    beyond: 640,
  });
  expect(placeInGaps(plan, layout, [], 1)).toEqual({ rooms: [], beyond: 0 });
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
    const { plan, layout } = planOf(spans);
    const needs = Array.from(
      { length: 20 },
      (_, stage): Need => ({ stage, scratch: [random(900), random(500), 0], partials: random(900) }),
    );
    const { rooms, beyond } = placeInGaps(plan, layout, needs, 3);
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
        expect(mine.to).toBeLessThanOrEqual(layout.bytes + beyond);
        for (const other of [...arrays, ...own.slice(k + 1)])
          expect(mine.to <= other.from || other.to <= mine.from).toBe(true);
      }
    }
  }
});
