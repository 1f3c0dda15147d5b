// What a network learns by heart, and what keeps it from that.
import { expect, test } from "vitest";
import { compute, epochs, type Found, type Training } from "./compute.ts";

const shown: Found[] = [];
const computing = { signal: new AbortController().signal, show: (found: Found) => void shown.push(found) };
const plain: Training = { rows: 200, dropout: 0, decay: 0, stopping: false, seed: 0 };

test("training falls below the noise while validation rises; an early end, weight decay or more rows are better", async () => {
  const { training, validation, error } = await compute(plain, computing);
  const least = Math.min(...validation);
  expect(validation).toHaveLength(epochs);
  expect(shown).toHaveLength(epochs / 5);
  expect(training.at(-1)).toBeLessThan(0.1);
  expect(validation.at(-1)).toBeGreaterThan(1.15 * least);

  const early = await compute({ ...plain, stopping: true }, computing);
  expect(early.validation).toEqual(validation.slice(0, validation.indexOf(least) + 41));
  expect(early.error).toBeLessThan(0.95 * error!);
  const decayed = await compute({ ...plain, decay: 1 }, computing);
  expect(decayed.error).toBeLessThan(0.95 * error!);
  const more = await compute({ ...plain, rows: 1000, stopping: true }, computing);
  expect(more.error).toBeLessThan(0.8 * early.error!);
});
