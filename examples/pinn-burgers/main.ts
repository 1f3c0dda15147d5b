// Solves Burgers' equation with three seeds, and prints reports, errors, their median and the worst.
//
//   node examples/pinn-burgers/main.ts [--small]

import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { runInterruptible } from "@hooke/example-pinn-frame/watch.ts";
import { errorOf, full, small, solveBurgers } from "./burgers.ts";

const settings = sizeOf({ full, small });
const errors = async (solved: Awaited<ReturnType<typeof solveBurgers>>) => {
  const { relativeL2, largest } = await errorOf(solved, settings);
  return { "relative L2": relativeL2, largest };
};
await runInterruptible((signal) => threeSeeds({ signal, settings, solve: solveBurgers, errors }));
