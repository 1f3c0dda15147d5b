// The schedule where time ends: what is cut in the midst of a fold has not failed, and was not tried.
import { defineMethod, dummy, type Method, ridge, samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it } from "vitest";
import { Measurement } from "../comparison/measurement.ts";
import { splits } from "../splits/splits.ts";
import type { Candidate } from "./candidates.ts";
import { measure } from "./schedule.ts";

it("forgets a costly candidate for whose first round time does not suffice", async () => {
  const x = Array.from({ length: 40 }, (_, i) => i);
  const measurement = new Measurement({
    samples: samplesOf(tableOf({ x, y: x.map((value) => value % 7) }), "y", {}),
    split: splits.random(),
    error: "rmse",
    key: randomKey(0),
    backend: undefined,
    pause: () => undefined,
    signal: undefined,
  });
  let [begun, left] = [0, 1000];
  const slow = defineMethod({
    name: "acme/slow",
    tasks: ["regression"],
    options: {},
    learn: async (_, __, { pause }) => {
      if (++begun === 3) left = 0;
      await pause(() => ({ fraction: 0, text: "still" }));
      return {};
    },
    predict: (_, { rowCount }) => new Float64Array(rowCount),
  });
  const entry = (name: string, quick: boolean, method: Method = ridge()): Candidate => ({
    name,
    quick,
    method,
    readable: true,
  });
  const candidates = [
    entry("dummy", true, dummy()),
    entry("ridge", true),
    entry("slow", false, slow()),
    entry("last", false),
  ];
  const { methods, failed } = await measure(measurement, candidates, { repeats: 3, equivalence: 0, left: () => left });
  expect(begun).toBe(3);
  expect(methods.map(({ method, folds }) => [method, folds])).toEqual(
    expect.arrayContaining([
      ["ridge", 5],
      ["dummy", 5],
    ]),
  );
  expect(methods).toHaveLength(2);
  expect(failed).toEqual([]);
});
