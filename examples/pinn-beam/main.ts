// Solves a cantilever with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-beam/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solveCantilever } from "./cantilever.ts";

await runInterruptible((signal) =>
  threeSeeds({ signal, settings: sizeOf({ full, small }), solve: solveCantilever, errors: errorOf }),
);
