// Identifies viscosity and convection of Burgers' equation with several seeds, and says how often their intervals hold the truth.
//
//   node examples/pinn-identify-burgers/main.ts [--seeds 3]
import { parseArgs } from "node:util";
import { coverage } from "@hooke/example-pinn-frame/coverage.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { full, identify, truth } from "./identify.ts";

const { values } = parseArgs({ options: { seeds: { type: "string", default: "3" } } });
await runInterruptible((signal) => coverage({ signal, settings: full, truth, seeds: Number(values.seeds), identify }));
