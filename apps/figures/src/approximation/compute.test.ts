// What the text says of smooth curves and zigzags.
import { expect, test } from "vitest";
import { compute, places } from "./compute.ts";

test("a smooth curve takes eight units, and it is seen on the way", async () => {
  const shown: number[] = [];
  const shape = { target: "wave", activation: "tanh", width: 8, depth: 1, seed: 0 } as const;
  const { error, values, parameters } = await compute(shape, {
    signal: new AbortController().signal,
    show: ({ step }) => shown.push(step),
  });
  expect(error).toBeLessThan(0.02);
  expect([values.length, parameters, shown.length]).toEqual([places.length, 25, 20]);
});

test("a reader who has moved on is left alone", async () => {
  const stop = new AbortController();
  let shown = 0;
  await compute(
    { target: "wave", activation: "tanh", width: 8, depth: 1, seed: 0 },
    { signal: stop.signal, show: () => ++shown === 2 && stop.abort() },
  );
  expect(shown).toBe(2);
});
