// Finds the profile of a crack with three seeds, and prints reports, errors of its energy, their median and the worst.
//
//   node examples/pinn-crack/main.ts [--small]
import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { errorOf, full, small, solveCrack } from "./crack.ts";

await threeSeeds({ settings: sizeOf({ full, small }), solve: solveCrack, errors: errorOf });
