// Solves a family of problems with three seeds, and prints reports and errors for a hundred sources that are drawn by chance.
//
//   node examples/pinn-operator/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorsOf, full, small, solveFamily } from "./family.ts";

await runInterruptible((signal) =>
  threeSeeds({ signal, settings: sizeOf({ full, small }), solve: solveFamily, errors: errorsOf }),
);
