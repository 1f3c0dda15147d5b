// Identifies the moduli of a plate with many seeds, and says how often their intervals hold the truth.
//
//   node examples/pinn-identify-elasticity/main.ts [--small] [--clean] [--seeds 20]
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { outcomes, summary } from "./coverage.ts";
import { full, identify, small, truth } from "./plate.ts";

const { values } = parseArgs({
  options: { small: { type: "boolean" }, clean: { type: "boolean" }, seeds: { type: "string", default: "20" } },
});
const size = values.small ? small : full;
const settings = values.clean ? { ...size, noise: 0 } : size;
const seeds = Number(values.seeds);
if (!(Number.isSafeInteger(seeds) && seeds > 0))
  throw new Error(`--seeds is ${values.seeds}; give a whole number from 1.`);
const backend = wasmBackend();
const all: ReturnType<typeof outcomes<keyof typeof truth>>[] = [];
for (let seed = 0; seed < seeds; seed++) {
  const solved = await identify(backend, settings, seed);
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
