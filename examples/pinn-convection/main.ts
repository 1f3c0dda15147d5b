// Solves convection with three seeds in three ways, and prints reports, errors, their medians and the worst.
//
//   node examples/pinn-convection/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solveConvection, type Way } from "./convection.ts";

const settings = sizeOf({ full, small });
await runInterruptible(async (signal) => {
  for (const way of Object.keys(settings) as Way[])
    await threeSeeds({ signal, label: way, settings: settings[way], solve: solveConvection(way), errors: errorOf });
});
