// Whether a material looks alike along all directions, and what follows for augmentation: for the microstructures, and for fibres.
import { checkIsotropy, type IsotropyReport } from "@hooke/regularization";
import { array, type Backend, type HostArray } from "@hooke/runtime";
import type { Stiffness } from "./homogenize.ts";
import { type Ensemble, microstructures } from "./microstructure.ts";
import { turnedAndMoved } from "./networks.ts";
import { solver } from "./phases.ts";

/** Images that are looked at. */
const count = 24;

/** Fibres along x: features eight times as long as wide. */
export const fibresAlike = ({ side, waves: [low, high] }: Ensemble): Ensemble => ({
  side,
  morphologies: ["bicontinuous"],
  fraction: [0.3, 0.5],
  waves: [2 * low, 2 * high],
  aspect: 8,
});

export interface SymmetryFindings {
  /** Of the microstructures, declared isotropic. */
  readonly microstructures: IsotropyReport;
  /** Of a fibre composite, declared isotropic. */
  readonly fibres: IsotropyReport;
  /** Stiffness of one fibre composite. */
  readonly fibreStiffness: Stiffness;
  /** What `augment` says of turning fibre composites. */
  readonly refusal: string;
}

export async function measureSymmetry(backend: Backend, ensemble: Ensemble, seed: number): Promise<SymmetryFindings> {
  const images = await drawImages(backend, ensemble, seed);
  const fibres = await drawImages(backend, fibresAlike(ensemble), seed);
  const { side } = ensemble;
  return {
    microstructures: checkIsotropy(images, { periodic: true }),
    fibres: checkIsotropy(fibres, { periodic: true }),
    fibreStiffness: solver(side).stiffness(fibres.data.subarray(0, side * side)),
    refusal: refusalFor(() => turnedAndMoved({ transverselyIsotropic: "x" })),
  };
}

async function drawImages(backend: Backend, ensemble: Ensemble, seed: number): Promise<HostArray> {
  const { side } = ensemble;
  const draw = microstructures(backend, ensemble, seed);
  const pixels = new Float32Array(count * side * side);
  for (let index = 0; index < count; index++) pixels.set((await draw(index)).stiff, index * side * side);
  return array(pixels, { shape: [count, side, side, 1] });
}

function refusalFor(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
