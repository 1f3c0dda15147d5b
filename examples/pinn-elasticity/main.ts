// Solves plane elasticity with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-elasticity/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solveElasticity } from "./elasticity.ts";

await runInterruptible((signal) =>
  threeSeeds({ signal, settings: sizeOf({ full, small }), solve: solveElasticity, errors: errorOf }),
);
