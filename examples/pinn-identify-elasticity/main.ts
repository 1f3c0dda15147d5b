// Identifies the moduli of a plate with many seeds, and says how often their intervals hold the truth.
//
//   node examples/pinn-identify-elasticity/main.ts [--small] [--clean] [--seeds 20]
import { parseArgs } from "node:util";
import { coverage } from "@hooke/example-pinn-frame/coverage.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { full, identify, small, truth } from "./plate.ts";

const { values } = parseArgs({
  options: { small: { type: "boolean" }, clean: { type: "boolean" }, seeds: { type: "string", default: "20" } },
});
const size = values.small ? small : full;
const settings = values.clean ? { ...size, noise: 0 } : size;
await runInterruptible((signal) => coverage({ signal, settings, truth, seeds: Number(values.seeds), identify }));
