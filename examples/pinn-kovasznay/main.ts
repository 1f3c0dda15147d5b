// Solves Kovasznay's flow with three seeds, and prints reports, errors, their medians and the worst.
//
//   node examples/pinn-kovasznay/main.ts [--small]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { progressLine } from "@hooke/core/node";
import { errorsOf, exact, full, small, solveKovasznay } from "./kovasznay.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" } } });
const settings = values.small ? small : full;
const total = settings.steps[0] + settings.steps[1];
const found = new Map<string, number[]>(Object.keys(exact).map((name) => [name, []]));
for (const seed of [0, 1, 2]) {
  const line = progressLine({ label: `seed ${seed}`, unit: "steps" });
  const solved = await solveKovasznay(wasmBackend(), settings, seed, {
    onProgress: ({ stage, iteration, loss }) =>
      line.update({ completed: iteration + (stage === 0 ? 0 : settings.steps[0]), total, fields: { loss } }),
  }).finally(() => line.finish());
  const table = await errorsOf(solved);
  for (const { name, relativeL2 } of table.rows) found.get(name)!.push(relativeL2);
  console.log(`${solved.report}\n\nseed ${seed}\n${table}\n`);
}
for (const [name, numbers] of found) {
  const [, median, worst] = numbers.sort((a, b) => a - b);
  console.log(`${name.padEnd(3)}  median ${median!.toExponential(2)}, worst ${worst!.toExponential(2)}`);
}
