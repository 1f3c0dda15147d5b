// Networks as candidates: they learn curves and classes, come back from files, and are the same again.
import { wasmBackend } from "@hooke/backend-wasm";
import { baselines, conformal, decodeFitted, encodeFitted } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { expect, it } from "vitest";
import { network } from "./network.ts";

const backend = wasmBackend();
const x = Array.from({ length: 120 }, (_, i) => i / 60 - 1);
const table = tableOf({
  x,
  kind: x.map((value) => (value > 0 ? "a" : "b")),
  y: x.map((value) => 50 + 10 * Math.sin(3 * value)),
});

it("learns a curve in its units, the same bits again, and comes back from a file", async () => {
  const method = network({ members: 2, updates: 800 });
  const fitted = await method.fit(table, "y", { backend, inputs: ["x"] });
  const { values } = fitted.predict(table);
  const errors = values.map((value, row) => Math.abs(value - (table.columns[2]!.values as Float64Array)[row]!));
  expect(Math.max(...errors)).toBeLessThan(1.5);
  expect(encodeFitted(await method.fit(table, "y", { backend, inputs: ["x"] }))).toEqual(encodeFitted(fitted));
  const again = decodeFitted(encodeFitted(fitted), { plugins: [{ name: "networks", methods: { network } }] });
  expect(again.predict(table).values).toEqual(values);
});

/** A curve on [-1, 1] whose scatter grows, to one side alone where it is lopsided. */
function scattered(rows: number, from: number, lopsided = false) {
  const draw = (i: number, k: number): number => Math.abs(Math.sin(12.9898 * (i + from) + 78.233 * k) * 43758.5453) % 1;
  const at = Array.from({ length: rows }, (_, i) => 2 * draw(i, 1) - 1);
  const scatter = (i: number): number => (lopsided ? 1.5 * draw(i, 2) ** 3 : draw(i, 2) + draw(i, 3) - 1);
  return tableOf({ x: at, y: at.map((value, i) => 50 + 10 * Math.sin(3 * value) + 5 * (1 + value) * scatter(i)) });
}

it.each(["ensemble", "gaussian", "quantiles"] as const)(
  "%s: bounds are wide where the network knows little, hold after folds, and come back from a file",
  async (uncertainty) => {
    const method = conformal({ method: network({ uncertainty, members: 2, updates: 500 }), folds: 4 });
    const fitted = await method.fit(scattered(150, 0), "y", { backend });
    const asked = tableOf({ x: [-0.8, 0.8, 6] });
    const { values, bounds, deviation } = fitted.predict(asked, { level: 0.9 });
    const [calm, rough, far] = values.map((_, row) => bounds!.upper[row]! - bounds!.lower[row]!);
    if (uncertainty === "ensemble") expect(far!).toBeGreaterThan(2 * rough!);
    else expect(rough!).toBeGreaterThan(1.5 * calm!);
    expect(deviation!.every((value) => value > 0)).toBe(true);
    const fresh = scattered(400, 1000);
    const truth = fresh.columns[1]!.values as Float64Array;
    const { lower, upper } = fitted.predict(fresh, { level: 0.9 }).bounds!;
    const held = truth.filter((value, row) => lower[row]! <= value && value <= upper[row]!).length / 400;
    expect(held).toBeGreaterThan(0.85);
    expect(held).toBeLessThan(0.97);
    const again = decodeFitted(encodeFitted(fitted), {
      plugins: [baselines, { name: "networks", methods: { network } }],
    });
    expect(again.predict(asked, { level: 0.9 })).toEqual(fitted.predict(asked, { level: 0.9 }));
  },
);

it("quantiles reach as far as targets scatter, to one side alone, and what members say is in units of the target", async () => {
  const fitted = await network({ uncertainty: "quantiles", updates: 1500 }).fit(scattered(400, 0, true), "y", {
    backend,
  });
  const { values, bounds } = fitted.predict(tableOf({ x: [0.5] }), { level: 0.9 });
  // Of 1.5 u^3 the quantiles 0.05, 0.5 and 0.95 are 0.0002, 0.19 and 1.29; times 7.5.
  const curve = 50 + 10 * Math.sin(1.5);
  expect(Math.abs(values[0]! - curve - 1.4)).toBeLessThan(2);
  expect(bounds!.upper[0]! - values[0]!).toBeGreaterThan(2 * (values[0]! - bounds!.lower[0]!));
  expect(Math.abs(bounds!.upper[0]! - curve - 9.65)).toBeLessThan(2.5);
});

it("an ensemble of one is refused, and uncertainty of classes", async () => {
  expect(() => network({ uncertainty: "ensemble", members: 1 })).toThrow("give 2 at least, 5 is usual");
  expect(() => network({ uncertainty: "bayes" as never })).toThrow('"ensemble", "gaussian", "quantiles"');
  const fit = network({ uncertainty: "gaussian" }).fit(table, "kind", { backend, inputs: ["x"] });
  await expect(fit).rejects.toThrow('leave uncertainty: "gaussian" out');
});

it("learns classes, with probabilities that sum to 1", async () => {
  const fitted = await network({ members: 2, updates: 300 }).fit(table, "kind", { backend, inputs: ["x"] });
  const { values, probabilities, classes } = fitted.predict(tableOf({ x: [-0.5, 0.5] }));
  expect([...values].map((value) => classes![value])).toEqual(["b", "a"]);
  expect(probabilities![0]! + probabilities![1]!).toBeCloseTo(1, 12);
});

it("needs a backend, and is ended by a signal", async () => {
  await expect(network().fit(table, "y")).rejects.toThrow("backend: wasmBackend()");
  const controller = new AbortController();
  const fit = network({ updates: 1e6 }).fit(table, "y", {
    backend,
    signal: controller.signal,
    onProgress: () => controller.abort(new Error("enough")),
  });
  await expect(fit).rejects.toThrow("enough");
});
