// The problems of the other examples, each with what its error is.
import * as allenCahn from "@hooke/example-pinn-allen-cahn/allen-cahn.ts";
import * as beam from "@hooke/example-pinn-beam/cantilever.ts";
import * as burgers from "@hooke/example-pinn-burgers/burgers.ts";
import * as consolidation from "@hooke/example-pinn-consolidation/consolidation.ts";
import * as convection from "@hooke/example-pinn-convection/convection.ts";
import * as crack from "@hooke/example-pinn-crack/crack.ts";
import * as elasticity from "@hooke/example-pinn-elasticity/elasticity.ts";
import * as helmholtz from "@hooke/example-pinn-helmholtz/helmholtz.ts";
import * as viscosity from "@hooke/example-pinn-identify-burgers/identify.ts";
import * as moduli from "@hooke/example-pinn-identify-elasticity/plate.ts";
import * as kovasznay from "@hooke/example-pinn-kovasznay/kovasznay.ts";
import * as rubber from "@hooke/example-pinn-neo-hookean/block.ts";
import * as plate from "@hooke/example-pinn-plate/plate.ts";
import * as wave from "@hooke/example-pinn-wave/wave.ts";
import type { Problem, Solution, Solved } from "@hooke/pinn";

/** A problem, and how far a solution is from what is known. */
export interface Case {
  readonly problem: Problem;
  /** The relative L2 error of the worst field, or that of the worst number which is identified. */
  error(solution: Solution): Promise<number>;
}

/** A case whose example measures its error. */
const of = (problem: Problem, errorOf: (solved: Solved) => Promise<number>): Case => ({
  problem,
  // Examples look at the solution alone.
  error: (solution) => errorOf({ solution } as Solved),
});

/** A case of numbers that are identified. */
const identified = (problem: Problem, truth: Readonly<Record<string, number>>): Case => ({
  problem,
  error: async (solution) =>
    Math.max(...Object.entries(truth).map(([name, right]) => Math.abs(solution.identified[name]!.value / right - 1))),
});

/** By name; the seed is that of measurements. */
export const rows: Readonly<Record<string, (seed: number) => Case>> = {
  beam: () => of(beam.cantilever(beam.full), beam.errorOf),
  plate: () => of(plate.plate(plate.full), plate.errorOf),
  elasticity: () => of(elasticity.elasticity(elasticity.full), elasticity.errorOf),
  "rubber by stress": () => of(rubber.block(rubber.full, "stress"), rubber.errorOf),
  "rubber by energy": () => of(rubber.block(rubber.full, "energy"), rubber.errorOf),
  crack: () => of(crack.crack(crack.full), crack.profileErrorOf),
  consolidation: () => of(consolidation.consolidation(consolidation.full), consolidation.errorOf),
  Helmholtz: () => of(helmholtz.helmholtz(helmholtz.full), helmholtz.errorOf),
  Kovasznay: () =>
    of(kovasznay.kovasznay(kovasznay.full), async (solved) =>
      Math.max(...Object.values(await kovasznay.errorsOf(solved))),
    ),
  Burgers: () =>
    of(burgers.burgers(burgers.full), async (solved) => (await burgers.errorOf(solved, burgers.full)).relativeL2),
  convection: () => of(convection.convection(convection.full.plain), convection.errorOf),
  "Allen-Cahn": () => of(allenCahn.allenCahn(allenCahn.full), (solved) => allenCahn.errorOf(solved as never)),
  wave: () => of(wave.wave(wave.full), (solved) => wave.errorOf(solved as never)),
  moduli: (seed) => identified(moduli.inversePlate(moduli.full, seed), moduli.truth),
  viscosity: (seed) => identified(viscosity.inverseBurgers(viscosity.full, seed), viscosity.truth),
};
