// Solves Allen-Cahn's equation with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-allen-cahn/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solveAllenCahn } from "./allen-cahn.ts";

await runInterruptible((signal) =>
  threeSeeds({ signal, settings: sizeOf({ full, small }), solve: solveAllenCahn, errors: errorOf }),
);
