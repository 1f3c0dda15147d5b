// Finds the profile of a crack with three seeds, and prints reports, errors of its energy, their median and the worst.
//
//   node examples/pinn-crack/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solveCrack } from "./crack.ts";

await runInterruptible((signal) =>
  threeSeeds({ signal, settings: sizeOf({ full, small }), solve: solveCrack, errors: errorOf }),
);
