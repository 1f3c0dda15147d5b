// The pretrained network: that of examples/texture-backbone, with the weights that its run writes, or random ones.
import { readFile } from "node:fs/promises";
import { initialize, type TrainedModel, type Variables } from "@hooke/core";
import { decodeSafetensors } from "@hooke/data/safetensors";
import { textureNet } from "@hooke/layers-conv";
import { type Backend, describe, fail, type HostArray, type Tree, treeMap } from "@hooke/runtime";

/** A backbone, and what it is called: random weights are not pretrained. */
export interface Backbone {
  readonly name: string;
  readonly model: TrainedModel;
}

/**
 * @param side of the micrographs
 * @param file what `examples/texture-backbone` wrote. Default: random weights
 */
export async function textureBackbone(backend: Backend, side: number, file?: string): Promise<Backbone> {
  // Micrographs of periodic cells go on beyond their edges.
  const layer = textureNet({ paddingMode: "circular" });
  const inputShape = [side, side, 1];
  const random = await initialize(backend, layer, inputShape, 0);
  if (file === undefined) return { name: "random network", model: { layer, inputShape, variables: random } };
  const { tensors } = decodeSafetensors(await readFile(file), { source: file });
  const variables = treeMap(random as unknown as Tree<HostArray>, (value: HostArray, path: string) => {
    const found = tensors[path];
    if (found !== undefined && describe(found) === describe(value)) return found;
    const cure = "give a file that examples/texture-backbone wrote";
    return fail("textureBackbone", `${file} has no "${path}" ${describe(value)}; ${cure}.`, "mismatch");
  }) as unknown as Variables<HostArray>;
  return { name: "textureNet", model: { layer, inputShape, variables } };
}
