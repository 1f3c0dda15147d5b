// Classes of images from few labels: by the features of networks, and by those that are computed.
import type { Variables } from "@hooke/core";
import type { TextureNetConfig } from "@hooke/layers-conv";
import type { Backend, HostArray } from "@hooke/runtime";
import { computedFeatures, networkFeatures } from "./features.ts";
import { type Draws, probeClasses, type Score } from "./probe.ts";
import type { Rows } from "./ridge.ts";

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
  const known: Record<string, Rows> = { "computed labels": computedFeatures(images) };
  for (const [name, net] of Object.entries(nets))
    known[name] = await networkFeatures(backend, net, images, paddingMode);
  return Object.fromEntries(Object.entries(known).map(([name, rows]) => [name, probeClasses(rows, classes, draws)]));
}
