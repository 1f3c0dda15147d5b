// Microstructures with their moduli, in parts, and what different observers know of them.
import { setImmediate } from "node:timers/promises";
import { twoPointStatistics } from "@hooke/baselines";
import { type Dataset, dataset, split, take } from "@hooke/data";
import { array, type Backend, type HostArray } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { meanModulus } from "./homogenize.ts";
import { type Ensemble, microstructures, morphologies } from "./microstructure.ts";
import { solver } from "./phases.ts";

/** What is known of a microstructure: a few numbers, or its image. */
export const views = ["fraction", "twoPoint", "named", "image"] as const;

export type View = (typeof views)[number];

/** Rows belong together: row `i` of every view is microstructure `i`, its target the effective modulus. */
export type Sample = Readonly<Record<View, Dataset>>;

/** Images homogenised in one trial. */
const together = 25;

/**
 * Draws microstructures and homogenises them.
 *
 * @param run keeps moduli as they are found
 * @param onSample called after each that is homogenised, with the number of it and those before
 */
export async function drawSample(
  backend: Backend,
  ensemble: Ensemble,
  count: number,
  seed: number,
  run: RunTrial,
  onSample: (completed: number) => void,
): Promise<Sample> {
  const { side } = ensemble;
  const draw = microstructures(backend, ensemble, seed);
  const pixels = new Float32Array(count * side * side);
  const named: number[][] = [];
  const moduli: number[] = [];
  for (let from = 0; from < count; from += together) {
    const images: Float32Array[] = [];
    for (let index = from; index < Math.min(from + together, count); index++) {
      const { stiff, morphology, fraction } = await draw(index);
      pixels.set(stiff, index * side * side);
      named.push([fraction, ...morphologies.map((name) => (name === morphology ? 1 : 0))]);
      images.push(stiff);
    }
    const name = `moduli ${from} to ${from + images.length - 1}`;
    moduli.push(...(await run(name, (signal) => moduliOf(images, side, signal, (done) => onSample(from + done)))));
  }
  const targets = array(moduli.map((modulus) => [modulus]));
  const see = (inputs: HostArray): Dataset => dataset({ inputs, targets, targetNames: ["modulus"] });
  return {
    fraction: see(array(named.map(([fraction]) => [fraction!]))),
    // By the length of the stick, from 0 (the volume fraction) to half the side.
    twoPoint: see(
      (await twoPointStatistics({ shape: [count, side, side], dtype: "f32", data: pixels }, { backend })).values,
    ),
    named: see(array(named)),
    image: see(array(pixels, { shape: [count, side, side, 1] })),
  };
}

/** @throws the signal's reason if it is aborted */
async function moduliOf(
  images: readonly Float32Array[],
  side: number,
  signal: AbortSignal,
  onSample: (completed: number) => void,
): Promise<number[]> {
  const { stiffness } = solver(side);
  const moduli: number[] = [];
  for (const image of images) {
    moduli.push(meanModulus(stiffness(image)));
    onSample(moduli.length);
    // Ctrl-C is heard where the event loop turns.
    await setImmediate();
    signal.throwIfAborted();
  }
  return moduli;
}

/** Rows for training, for choosing the epoch, and for the test. */
export interface Parts<T> {
  readonly train: T;
  readonly validation: T;
  readonly test: T;
}

/** The same rows of every view go to the same part. */
export function divide(sample: Sample, sizes: Parts<number>, seed: number): Record<View, Parts<Dataset>> {
  const { train, validation, test } = split(sample.image.count, { ...sizes }, seed);
  const part = (data: Dataset): Parts<Dataset> => ({
    train: take(data, train),
    validation: take(data, validation),
    test: take(data, test),
  });
  const { fraction, twoPoint, named, image } = sample;
  return { fraction: part(fraction), twoPoint: part(twoPoint), named: part(named), image: part(image) };
}
