// Networks as candidates: they learn curves and classes, come back from files, and are the same again.
import { wasmBackend } from "@hooke/backend-wasm";
import { decodeFitted, encodeFitted } from "@hooke/baselines";
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
