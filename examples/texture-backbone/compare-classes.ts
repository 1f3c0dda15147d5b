// Classes of images from few labels: by the features of networks, and by those that are computed.
import type { Variables } from "@hooke/core";
import { dataset } from "@hooke/data";
import type { TextureNetConfig } from "@hooke/layers-conv";
import { array, type Backend, type HostArray } from "@hooke/runtime";
import { computedFeatures, networkFeatures } from "./features.ts";
import { type Draws, probeScore, type Score } from "./probe.ts";

export interface Labelled {
  /** `[count, side, side, 1]`. */
  readonly images: HostArray;
  readonly classes: readonly number[];
}

/** Share of the test's images whose class is found, by what is known of them. */
export async function compareClasses(
  backend: Backend,
  { images, classes }: Labelled,
  nets: Readonly<Record<string, Variables<HostArray>>>,
  { paddingMode, ...draws }: Draws & Required<TextureNetConfig>,
): Promise<Readonly<Record<string, Score>>> {
  const known: Record<string, HostArray> = { "computed labels": computedFeatures(images) };
  for (const [name, net] of Object.entries(nets))
    known[name] = await networkFeatures(backend, net, images, paddingMode);
  const targets = array([...classes], { dtype: "i32" });
  const names = Array.from({ length: Math.max(...classes) + 1 }, (_, i) => `class ${i}`);
  const scores: Record<string, Score> = {};
  for (const [name, inputs] of Object.entries(known)) {
    scores[name] = await probeScore(backend, dataset({ inputs, targets, classes: names }), draws);
  }
  return scores;
}
