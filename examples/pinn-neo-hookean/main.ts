// Solves a neo-Hookean block, from its stress and from its energy, with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-neo-hookean/main.ts [--small]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine } from "@hooke/core/node";
import { errorOf, full, small, solveBlock } from "./block.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" } } });
const settings = values.small ? small : full;
const total = settings.steps[0] + settings.steps[1];
for (const form of ["stress", "energy"] as const) {
  const errors: number[] = [];
  for (const seed of [0, 1, 2]) {
    const line = progressLine({ label: `${form}, seed ${seed}`, unit: "steps" });
    const solved = await solveBlock(wasmBackend(), settings, seed, form, {
      onProgress: ({ stage, iteration, loss }) =>
        line.update({ completed: iteration + (stage === 0 ? 0 : settings.steps[0]), total, fields: { loss } }),
    }).finally(() => line.finish());
    errors.push(await errorOf(solved));
    console.log(`${solved.report}\n\nerror ${errors.at(-1)!.toExponential(2)}\n`);
  }
  const [, median, worst] = errors.toSorted((a, b) => a - b);
  console.log(`${form}: median ${median!.toExponential(2)}, worst ${worst!.toExponential(2)}`);
}
