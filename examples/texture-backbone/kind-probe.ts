// Which kind a texture is of, with few labels: for kinds that the network was trained on, and for those kept from it.
import type { Variables } from "@hooke/core";
import type { Backend, HostArray } from "@hooke/runtime";
import { compareClasses } from "./compare-classes.ts";
import type { Kind } from "./kinds/kind.ts";
import type { Score } from "./probe.ts";
import { drawTextures, numberNames } from "./textures.ts";

export interface KindTask {
  readonly side: number;
  readonly count: number;
  readonly labels: number;
  readonly test: number;
  readonly seeds: number;
  /** Of the textures. */
  readonly seed: number;
}

/** Share of unseen textures whose kind is found, by what is known of them. */
export async function compareKinds(
  backend: Backend,
  kinds: readonly Kind[],
  nets: Readonly<Record<string, Variables<HostArray>>>,
  task: KindTask,
): Promise<Readonly<Record<string, Score>>> {
  const { inputs, targets } = await drawTextures({ kinds, ...task });
  const width = targets.shape[1]!;
  const classes = Array.from({ length: task.count }, (_, i) =>
    (targets.data as Float32Array).subarray(i * width + numberNames.length, (i + 1) * width).indexOf(1),
  );
  return compareClasses(backend, { images: inputs, classes }, nets, { ...task, paddingMode: "circular" });
}
