// What the first model learns, and that it stops when it is told to.
import { expect, test } from "vitest";
import { compute, deflection, type Learned } from "./compute.ts";

const settings = { units: 32, learningRate: 0.01 };

test("the network comes to within a hundredth of the beam, and shows itself on the way", async () => {
  const shown: Learned[] = [];
  const { predicted, epoch } = await compute(settings, {
    signal: new AbortController().signal,
    show: (learned) => shown.push(learned),
  });
  const misses = predicted.map((value, i) => Math.abs(value - deflection[i]!));
  expect(Math.max(...misses)).toBeLessThan(0.01);
  expect(epoch).toBe(300);
  expect(shown.length).toBeGreaterThan(10);
});

test("it stops when the reader asks for something else", async () => {
  const stop = new AbortController();
  const { epoch } = await compute(settings, { signal: stop.signal, show: () => stop.abort() });
  expect(epoch).toBeLessThan(300);
});
