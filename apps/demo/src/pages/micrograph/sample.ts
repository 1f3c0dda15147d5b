// The micrographs: drawn from their seed, and measured; a fifth of them is held back from whatever learns.
import { type Dataset, dataset } from "@hooke/data";
import { meanModulus } from "@hooke/example-micrograph-cnn/homogenize.ts";
import { type Ensemble, type Microstructure, microstructures } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { solver } from "@hooke/example-micrograph-cnn/phases.ts";
import { array, type Backend, type HostArray } from "@hooke/runtime";
import { fractions, isClass, kinds, type Settings, sideOf } from "./settings.ts";

const ensembleOf = (settings: Settings): Ensemble => ({
  side: sideOf(settings),
  morphologies: kinds,
  fraction: fractions,
  waves: settings.side === "64" ? [3, 6] : [2, 4],
  aspect: settings.stretch,
});

/** Draws the micrograph of an index: the same settings, the same micrograph. */
export const drawer = (backend: Backend, settings: Settings): ((index: number) => Promise<Microstructure>) =>
  microstructures(backend, ensembleOf(settings), settings.seed);

/** The property of a micrograph: moduli of the soft phase, a share, or the number of a kind. */
export function measurer(settings: Settings): (drawn: Microstructure) => number {
  if (settings.property === "fraction") return ({ fraction }) => fraction;
  if (settings.property === "structure") return ({ morphology }) => kinds.indexOf(morphology);
  const { stiffness } = solver(sideOf(settings));
  return ({ stiff }) => meanModulus(stiffness(stiff));
}

/** Images as a network takes them, `[rows, side, side, 1]`. */
export function imagesOf(drawn: readonly Microstructure[], settings: Settings): HostArray {
  const side = sideOf(settings);
  const pixels = new Float32Array(drawn.length * side * side);
  for (const [i, { stiff }] of drawn.entries()) pixels.set(stiff, i * side * side);
  return array(pixels, { shape: [drawn.length, side, side, 1] });
}

/** Images with what was measured of them. */
export function labelled(inputs: HostArray, values: readonly number[], settings: Settings): Dataset {
  if (isClass(settings)) {
    return dataset({ inputs, targets: array([...values], { dtype: "i32" }), classes: kinds });
  }
  const targets = array(values.map((value) => [value]));
  return dataset({ inputs, targets, targetNames: [settings.property] });
}
