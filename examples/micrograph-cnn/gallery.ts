// What the microstructures look like, and how a load runs through one: figures of the report.
import type { Figure } from "@hooke/report";
import { array, type Backend } from "@hooke/runtime";
import { type Ensemble, type Morphology, microstructures } from "./microstructure.ts";
import { solver } from "./phases.ts";

/** A microstructure of each morphology of the ensemble, and the strain along x in the first, less the mean strain of 1. */
export interface Gallery {
  readonly specimens: readonly {
    readonly morphology: Morphology;
    readonly stiff: Float32Array;
    readonly fraction: number;
  }[];
  readonly strain: Float64Array;
}

/** The first of each morphology among those that are drawn. */
export async function gallery(backend: Backend, ensemble: Ensemble, seed: number): Promise<Gallery> {
  const draw = microstructures(backend, ensemble, seed);
  const found = new Map<Morphology, Gallery["specimens"][number]>();
  for (let index = 0; found.size < ensemble.morphologies.length; index++) {
    const specimen = await draw(index);
    if (!found.has(specimen.morphology)) found.set(specimen.morphology, specimen);
  }
  const specimens = ensemble.morphologies.map((morphology) => found.get(morphology)!);
  const strain = solver(ensemble.side).strain(specimens[0]!.stiff);
  return { specimens, strain: strain.map((value) => value - 1) };
}

export function galleryFigures({ specimens, strain }: Gallery): Figure[] {
  const [{ morphology, stiff }] = specimens as [Gallery["specimens"][number]];
  const side = Math.sqrt(stiff.length);
  const points = Array.from({ length: side }, (_, i) => i);
  // Fields start at the bottom, images at the top.
  const rows = points.map((y) => [...strain.subarray((side - 1 - y) * side, (side - y) * side)]);
  return [
    ...specimens.map(
      ({ morphology, stiff, fraction }): Figure => ({
        kind: "picture",
        title: `Microstructure: ${morphology}`,
        caption: `The stiff phase, ${(100 * fraction).toFixed(0)} % of the area, is dark.`,
        width: side,
        height: side,
        pixels: Uint8Array.from(stiff, (value) => (value > 0.5 ? 60 : 225)),
      }),
    ),
    {
      kind: "fieldMap",
      title: "Where the strain goes",
      caption: `The ${morphology} microstructure above, stretched along x by a mean strain of 1: soft bridges between stiff parts give way.`,
      quantity: "strain along x, less its mean",
      values: array(rows),
      x: points,
      y: points,
      xLabel: "x (points)",
      yLabel: "y (points)",
    },
  ];
}
