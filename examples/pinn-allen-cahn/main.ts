// Solves Allen-Cahn's equation with three seeds, and prints reports and errors.
//
//   node examples/pinn-allen-cahn/main.ts [--small]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { errorOf, full, small, solveAllenCahn } from "./allen-cahn.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" } } });
const settings = values.small ? small : full;
const found: number[] = [];
for (const seed of [0, 1, 2]) {
  const solved = await solveAllenCahn(wasmBackend(), settings, seed);
  const error = await errorOf(solved);
  console.log(`${solved.report}\n\nseed ${seed}: relative L2 ${error.toExponential(2)}\n`);
  found.push(error);
}
const [, median, worst] = found.sort((a, b) => a - b);
console.log(`relative L2: median ${median!.toExponential(2)}, worst ${worst!.toExponential(2)}`);
