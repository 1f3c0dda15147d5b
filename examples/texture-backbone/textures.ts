// Micrographs of generated textures with their labels, as a dataset.
import { setImmediate } from "node:timers/promises";
import { type Dataset, dataset } from "@hooke/data";
import { array, foldHost, type HostArray, randomKey } from "@hooke/runtime";
import { type Exposure, expose } from "./exposure.ts";
import type { Field } from "./field.ts";
import type { Kind } from "./kinds/kind.ts";
import { labelNames, textureLabels } from "./labels.ts";
import { randomOf } from "./random.ts";

export interface Texture {
  readonly kind: Kind;
  /** As it is: what the labels are taken of. */
  readonly clean: Field;
  /** As it looks. */
  readonly image: Field;
  readonly exposure: Exposure;
}

/** The same seed and index, the same texture. */
export function textures(kinds: readonly Kind[], side: number, seed: number): (index: number) => Texture {
  return (index) => {
    const random = randomOf(foldHost(randomKey(seed), index));
    const kind = random.pick(kinds);
    const clean = kind.draw(random, side);
    return { kind, clean, ...expose(random, clean) };
  };
}

/** The numbers to predict: statistics of the texture, and what was done to it. */
export const numberNames: readonly string[] = [...labelNames, "noise", "blur", "light", "scratches"];

export const numbersOf = ({ clean, exposure: { noise, blur, light, scratches } }: Texture): number[] => [
  ...textureLabels(clean),
  noise,
  blur,
  light,
  scratches,
];

export interface Drawing {
  readonly kinds: readonly Kind[];
  readonly side: number;
  readonly count: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
  /** Called now and then with the number of textures drawn. */
  readonly onDrawn?: (completed: number) => void;
}

/**
 * Inputs `[count, side, side, 1]`; targets `[count, numbers + kinds]`: the numbers, then 1 in the column of the kind and 0 elsewhere.
 *
 * @throws the signal's reason if it is aborted
 */
export async function drawTextures({ kinds, side, count, seed, signal, onDrawn }: Drawing): Promise<Dataset> {
  const draw = textures(kinds, side, seed);
  const inputs = new Float32Array(count * side * side);
  const width = numberNames.length + kinds.length;
  const targets = new Float32Array(count * width);
  for (let index = 0; index < count; index++) {
    const texture = draw(index);
    inputs.set(texture.image, index * side * side);
    targets.set(numbersOf(texture), index * width);
    targets[index * width + numberNames.length + kinds.indexOf(texture.kind)] = 1;
    if (index % 20 === 19 || index === count - 1) {
      onDrawn?.(index + 1);
      await setImmediate();
      signal?.throwIfAborted();
    }
  }
  const images: HostArray = array(inputs, { shape: [count, side, side, 1] });
  return dataset({ inputs: images, targets: array(targets, { shape: [count, width] }) });
}
