// The micrographs, drawn from their seed or of pictures that were dropped, and what is known of them; a fifth is held back from whatever learns.
import { type Dataset, dataset } from "@hooke/data";
import { meanModulus } from "@hooke/example-micrograph-cnn/homogenize.ts";
import { type Ensemble, type Morphology, microstructures } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { solver } from "@hooke/example-micrograph-cnn/phases.ts";
import { array, type Backend, fail, type HostArray } from "@hooke/runtime";
import { loadPictures } from "./kept-pictures.ts";
import { cut, greyOf } from "./pictures.ts";
import { fractions, isClass, isMeasured, kinds, type Settings, sideOf } from "./settings.ts";

export interface Specimen {
  /** 1 where stiff, 0 elsewhere: `side x side`, row by row. */
  readonly stiff: Float32Array;
  /** Share of stiff points. */
  readonly fraction: number;
  /** Its kind of structure, or the file of its picture. */
  readonly name: string;
}

/** Micrographs by index: the same settings, the same ones. */
export interface Micrographs {
  at(index: number): Promise<Specimen>;
  /** The property of one: moduli of the soft phase, a share, the number of a kind, or what was measured. */
  measure(specimen: Specimen, index: number): number;
}

const ensembleOf = (settings: Settings): Ensemble => ({
  side: sideOf(settings),
  morphologies: kinds,
  fraction: fractions,
  waves: settings.side === "64" ? [3, 6] : [2, 4],
  aspect: settings.stretch,
});

/** @throws on pictures that are no longer kept, or are not what the settings say */
export const micrographsOf = async (backend: Backend, settings: Settings): Promise<Micrographs> =>
  isMeasured(settings) ? dropped(settings) : drawn(backend, settings);

function drawn(backend: Backend, settings: Settings): Micrographs {
  const draw = microstructures(backend, ensembleOf(settings), settings.seed);
  return {
    async at(index) {
      const { morphology, stiff, fraction } = await draw(index);
      return { stiff, fraction, name: morphology };
    },
    measure: measurer(settings),
  };
}

function measurer(settings: Settings): (specimen: Specimen) => number {
  if (settings.property === "fraction") return ({ fraction }) => fraction;
  if (settings.property === "structure") return ({ name }) => kinds.indexOf(name as Morphology);
  const { stiffness } = solver(sideOf(settings));
  return ({ stiff }) => meanModulus(stiffness(stiff));
}

async function dropped(settings: Settings): Promise<Micrographs> {
  const { quantity, phase, images } = settings;
  const { names, pictures, quantities } = await loadPictures(settings.pictures);
  const known = quantities.find(({ name }) => name === quantity);
  if (known === undefined) {
    const listed = quantities.map(({ name }) => name).join(", ");
    fail("pictures", `"${quantity}" was not measured of them, only ${listed}; choose one under Settings.`, "mismatch");
  }
  if (images > names.length) {
    const cure = `Set micrographs to ${names.length} at most, or drop more.`;
    fail("pictures", `there are ${names.length}, and ${images} are asked for. ${cure}`, "mismatch");
  }
  return {
    async at(index) {
      const name = names[index]!;
      const grey = await greyOf(new Uint8Array(await pictures[index]!.arrayBuffer()), name, sideOf(settings));
      const { stiff } = cut(grey, phase, name);
      return { stiff, name, fraction: stiff.reduce((sum, value) => sum + value, 0) / stiff.length };
    },
    measure: (_, index) => known.values[index]!,
  };
}

/** Images as a network takes them, `[rows, side, side, 1]`. */
export function imagesOf(specimens: readonly Pick<Specimen, "stiff">[], settings: Settings): HostArray {
  const side = sideOf(settings);
  const pixels = new Float32Array(specimens.length * side * side);
  for (const [i, { stiff }] of specimens.entries()) pixels.set(stiff, i * side * side);
  return array(pixels, { shape: [specimens.length, side, side, 1] });
}

/** Images with what was measured of them. */
export function labelled(inputs: HostArray, values: readonly number[], settings: Settings): Dataset {
  if (isClass(settings)) {
    return dataset({ inputs, targets: array([...values], { dtype: "i32" }), classes: kinds });
  }
  const targets = array(values.map((value) => [value]));
  return dataset({ inputs, targets, targetNames: [isMeasured(settings) ? settings.quantity : settings.property] });
}
