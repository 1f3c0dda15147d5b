// The task of examples/micrograph-cnn with few labels: the effective modulus of two-phase microstructures.
import type { Variables } from "@hooke/core";
import { dataset } from "@hooke/data";
import { morphologies } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { drawSample, type Sample } from "@hooke/example-micrograph-cnn/sample.ts";
import type { Backend, HostArray } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { computedFeatures, networkFeatures } from "./features.ts";
import { probeScore, type Score } from "./probe.ts";

export interface ModulusTask {
  readonly side: number;
  /** Waves per edge of the microstructures. */
  readonly waves: readonly [number, number];
  readonly count: number;
  readonly test: number;
  readonly labels: readonly number[];
  readonly seeds: number;
  /** Of the microstructures. */
  readonly seed: number;
}

/** @param run keeps moduli as they are found */
export const drawModuli = (
  backend: Backend,
  { side, waves, count, seed }: ModulusTask,
  run: RunTrial,
  onSample: (completed: number) => void,
): Promise<Sample> =>
  drawSample(backend, { side, waves, morphologies, fraction: [0.3, 0.7] }, count, seed, run, onSample);

/** R² on the test rows by what is known of an image, for each number of labels. */
export async function compareModuli(
  backend: Backend,
  sample: Sample,
  nets: Readonly<Record<string, Variables<HostArray>>>,
  { labels, test, seeds }: ModulusTask,
): Promise<Readonly<Record<string, readonly Score[]>>> {
  const images = sample.image.inputs;
  const known: Record<string, HostArray> = {
    "volume fraction": sample.fraction.inputs,
    "two-point statistics": sample.twoPoint.inputs,
    "computed labels": computedFeatures(images),
  };
  for (const [name, net] of Object.entries(nets)) known[name] = await networkFeatures(backend, net, images, "circular");
  const { targets } = sample.image;
  const scores: Record<string, Score[]> = {};
  for (const [name, inputs] of Object.entries(known)) {
    const data = dataset({ inputs, targets });
    scores[name] = [];
    for (const count of labels) scores[name].push(await probeScore(backend, data, { labels: count, test, seeds }));
  }
  return scores;
}
