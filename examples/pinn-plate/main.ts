// Solves a simply supported plate with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-plate/main.ts [--small]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine } from "@hooke/core/node";
import { errorOf, full, small, solvePlate } from "./plate.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" } } });
const settings = values.small ? small : full;
const total = settings.steps[0] + settings.steps[1];
const errors: number[] = [];
for (const seed of [0, 1, 2]) {
  const line = progressLine({ label: `seed ${seed}`, unit: "steps" });
  const solved = await solvePlate(wasmBackend(), settings, seed, {
    onProgress: ({ stage, iteration, loss }) =>
      line.update({ completed: iteration + (stage === 0 ? 0 : settings.steps[0]), total, fields: { loss } }),
  }).finally(() => line.finish());
  errors.push(await errorOf(solved));
  console.log(`${solved.report}\n\nerror ${errors.at(-1)!.toExponential(2)}\n`);
}
const [, median, worst] = errors.toSorted((a, b) => a - b);
console.log(`median ${median!.toExponential(2)}, worst ${worst!.toExponential(2)}`);
