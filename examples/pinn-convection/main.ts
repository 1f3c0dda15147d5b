// Solves convection with three seeds in three ways, and prints reports and errors.
//
//   node examples/pinn-convection/main.ts [--small]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { errorOf, full, small, solveConvection, type Way } from "./convection.ts";

const { values } = parseArgs({ options: { small: { type: "boolean" } } });
const settings = values.small ? small : full;
const lines: string[] = [];
for (const way of Object.keys(settings) as Way[]) {
  const found: number[] = [];
  for (const seed of [0, 1, 2]) {
    const { solution, report } = await solveConvection(wasmBackend(), way, settings[way], seed);
    const { relativeL2 } = await errorOf(solution);
    console.log(`${way}, seed ${seed}: relative L2 ${relativeL2.toExponential(2)}\n\n${report}\n`);
    found.push(relativeL2);
  }
  const [, median, worst] = found.sort((a, b) => a - b);
  lines.push(`${way}: relative L2, median ${median!.toExponential(2)}, worst ${worst!.toExponential(2)}`);
}
console.log(lines.join("\n"));
