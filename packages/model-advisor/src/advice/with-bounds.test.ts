// Methods with bounds that hold: what they choose is chosen once.
import { defineMethod, ridge, samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { fitWithBounds } from "./with-bounds.ts";

const x = Array.from({ length: 30 }, (_, i) => (i * 7) % 30);
const samples = samplesOf(tableOf({ x, y: x.map((value, i) => 3 * value + (i % 5)) }), "y", {});

it("chooses on all rows, once, and bounds what it predicts", async () => {
  const inner = ridge({ penalty: 1 });
  let choices = 0;
  const choosing = defineMethod({
    name: "acme/choosing",
    tasks: ["regression"],
    options: {},
    learn: (given, _, context) => {
      choices++;
      return inner.learn(given, context);
    },
    settled: () => inner,
    predict: (state, inputs) => inner.predict(state, inputs),
  });
  const fitted = await fitWithBounds(choosing(), samples);
  expect(choices).toBe(1);
  expect(fitted.method.method).toBe("conformal");
  const { bounds } = fitted.predict(tableOf({ x: [10.5] }), { level: 0.9 });
  expect([bounds!.lower[0]! < 33.5, bounds!.upper[0]! > 33.5]).toEqual([true, true]);
});

it("stops, and refuses what are no samples", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(fitWithBounds(ridge(), samples, { signal })).rejects.toThrow("enough");
  await expect(fitWithBounds(ridge(), {} as never)).rejects.toThrow("samplesOf(table, target, {})");
});
