// Solves a family of problems with three seeds, and prints reports and errors for a hundred sources that are drawn by chance.
//
//   node examples/pinn-operator/main.ts [--small]
import { sizeOf, threeSeeds } from "@hooke/example-pinn-frame/seeds.ts";
import { errorsOf, full, small, solveFamily } from "./family.ts";

await threeSeeds({ settings: sizeOf({ full, small }), solve: solveFamily, errors: errorsOf });
