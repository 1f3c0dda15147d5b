// The task of examples/micrograph-cnn with few labels: the effective modulus of two-phase microstructures.
import type { Variables } from "@hooke/core";
import { morphologies } from "@hooke/example-micrograph-cnn/microstructure.ts";
import { drawSample, type Sample } from "@hooke/example-micrograph-cnn/sample.ts";
import type { Backend, HostArray } from "@hooke/runtime";
import type { RunTrial } from "@hooke/sweep";
import { computedFeatures, networkFeatures, rowsOf } from "./features.ts";
import { probeRegression, type Score } from "./probe.ts";

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
  const known: Record<string, Parameters<typeof probeRegression>[0]> = {
    "volume fraction": rowsOf(sample.fraction.inputs),
    "two-point statistics": rowsOf(sample.twoPoint.inputs),
    "computed labels": computedFeatures(images),
  };
  for (const [name, net] of Object.entries(nets)) known[name] = await networkFeatures(backend, net, images, "circular");
  const moduli = sample.image.targets.data;
  const scores = (rows: (typeof known)[string]) =>
    labels.map((count) => probeRegression(rows, moduli, { labels: count, test, seeds }));
  return Object.fromEntries(Object.entries(known).map(([name, rows]) => [name, scores(rows)]));
}
