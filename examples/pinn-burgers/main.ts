// Solves Burgers' equation with three seeds, and prints reports and errors.
//
//   node examples/pinn-burgers/main.ts [--small]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine } from "@hooke/core/node";
import { errorOf, full, small, solveBurgers } from "./burgers.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" } } });
const settings = values.small ? small : full;
const total = settings.steps[0] + settings.steps[1];
const rows: string[] = [];
for (const seed of [0, 1, 2]) {
  const line = progressLine({ label: `seed ${seed}`, unit: "steps" });
  const solved = await solveBurgers(wasmBackend(), settings, seed, {
    onProgress: ({ stage, iteration, loss }) =>
      line.update({ completed: iteration + (stage === 0 ? 0 : settings.steps[0]), total, fields: { loss } }),
  }).finally(() => line.finish());
  const { relativeL2, largest } = await errorOf(solved, settings);
  console.log(`${solved.report}\n`);
  rows.push(
    `${String(seed).padStart(4)}  ${relativeL2.toExponential(2).padStart(11)}  ${largest.toExponential(2).padStart(8)}`,
  );
}
console.log(["seed  relative L2   largest", ...rows].join("\n"));
