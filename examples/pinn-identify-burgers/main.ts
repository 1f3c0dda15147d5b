// Identifies viscosity and convection of Burgers' equation with several seeds, and says how often their intervals hold the truth.
//
//   node examples/pinn-identify-burgers/main.ts [--seeds 3]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { outcomes, summary } from "@hooke/example-pinn-identify-elasticity/coverage.ts";
import { full, identify, truth } from "./identify.ts";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "3" } } });
const seeds = Number(values.seeds);
if (!(Number.isSafeInteger(seeds) && seeds > 0))
  throw new Error(`--seeds is ${values.seeds}; give a whole number from 1.`);
const backend = wasmBackend();
const all: ReturnType<typeof outcomes<keyof typeof truth>>[] = [];
for (let seed = 0; seed < seeds; seed++) {
  const solved = await identify(backend, full, seed);
  if (seed === 0) console.log(`${solved.report}\n`);
  const found = outcomes(solved, truth);
  all.push(found);
  const parts = Object.entries(found).map(
    ([name, { value, low95, high95 }]) =>
      `${name} ${value.toFixed(5)} [${low95.toFixed(5)}, ${high95.toFixed(5)}]${found[name as keyof typeof truth].covered ? "" : " misses"}`,
  );
  console.log(`seed ${seed}: ${parts.join("  ")}`);
}
console.log(`\n${summary(all)}`);
