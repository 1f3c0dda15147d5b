// The schedule where time ends: what is cut in the midst of a fold has not failed, and was not tried.
import { defineMethod, dummy, type Method, ridge, samplesOf } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import { expect, it, vi } from "vitest";
import { Measurement } from "../comparison/measurement.ts";
import { splits } from "../splits/splits.ts";
import type { Candidate } from "./candidates.ts";
import { measure } from "./schedule.ts";

const x = Array.from({ length: 40 }, (_, i) => i);
const measurementOf = () =>
  new Measurement({
    samples: samplesOf(tableOf({ x, y: x.map((value) => value % 7) }), "y", {}),
    split: splits.random(),
    error: "rmse",
    key: randomKey(0),
    backend: undefined,
    pause: () => undefined,
    signal: undefined,
  });
const entry = (name: string, quick: boolean, method: Method = ridge()): Candidate => ({
  name,
  quick,
  method,
  readable: true,
});

it("forgets a costly candidate for whose first round time does not suffice", async () => {
  const measurement = measurementOf();
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
  const candidates = [
    entry("dummy", true, dummy()),
    entry("ridge", true),
    entry("slow", false, slow()),
    entry("last", false),
  ];
  const {
    comparison: { methods, failed },
    unreached,
  } = await measure(measurement, candidates, { repeats: 3, equivalence: 0, favourites: [], left: () => left });
  expect([...unreached.keys()]).toEqual(["slow", "last"]);
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

it("gives each costly candidate its turn, favourites first, and says what time would suffice for those it did not", async () => {
  const measurement = measurementOf();
  let left = 100;
  // By the clock, too: on a busy machine a fold that takes no time would take all of it.
  const clock = vi.spyOn(performance, "now").mockImplementation(() => 100 - left);
  const order: string[] = [];
  /** Takes so much of the time that is left. */
  const taking = (name: string, time: number): Candidate => {
    const method = defineMethod({
      name: `acme/${name}`,
      tasks: ["regression"],
      options: {},
      learn: async (_, __, { pause }) => {
        if (order.at(-1) !== name) order.push(name);
        for (let done = 0; done < time; done++) {
          left -= 1;
          await pause(() => ({ fraction: (done + 1) / time, text: "" }));
        }
        return {};
      },
      predict: (_, { rowCount }) => new Float64Array(rowCount),
    });
    return entry(name, false, method());
  };
  const candidates = [
    entry("dummy", true, dummy()),
    taking("endless", 1000),
    taking("short", 4),
    taking("shortest", 1),
  ];
  const limits = { repeats: 1, equivalence: 0, favourites: ["shortest", "ridge"], left: () => left };
  const { comparison, unreached } = await measure(measurement, candidates, limits);
  clock.mockRestore();
  expect(order).toEqual(["shortest", "endless", "short"]);
  expect(comparison.methods.map(({ method }) => method)).toEqual(expect.arrayContaining(["shortest", "short"]));
  expect(comparison.methods).toHaveLength(3);
  expect([...unreached.keys()]).toEqual(["endless"]);
  expect(unreached.get("endless")).toBeGreaterThan(0);
});
