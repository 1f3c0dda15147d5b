// Solves the wave equation with three seeds, and prints reports and errors.
//
//   node examples/pinn-wave/main.ts [--small]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { errorOf, full, small, solveWave } from "./wave.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" } } });
const settings = values.small ? small : full;
const found: number[] = [];
for (const seed of [0, 1, 2]) {
  const solved = await solveWave(wasmBackend(), settings, seed);
  const { relativeL2, largest } = await errorOf(solved);
  console.log(`${solved.report}\n`);
  console.log(`seed ${seed}: relative L2 ${relativeL2.toExponential(2)}, largest ${largest.toExponential(2)}\n`);
  found.push(relativeL2);
}
const [, median, worst] = found.sort((a, b) => a - b);
console.log(`relative L2: median ${median!.toExponential(2)}, worst ${worst!.toExponential(2)}`);
