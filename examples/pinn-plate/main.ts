// Solves a simply supported plate with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-plate/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solvePlate } from "./plate.ts";

await runInterruptible((signal) =>
  threeSeeds({ signal, settings: sizeOf({ full, small }), solve: solvePlate, errors: errorOf }),
);
