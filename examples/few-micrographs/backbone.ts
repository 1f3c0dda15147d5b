// The pretrained networks: textureNet with the weights of @hooke/transfer, and MobileNetV2 with those of a file.
import { sequential, type TrainedModel } from "@hooke/core";
import { mobileNetV2, textureNet, upsample } from "@hooke/layers-conv";
import type { HostArray, Tree } from "@hooke/runtime";
import { loadWeights, normalizeChannels } from "@hooke/transfer";
import { textureNetWeights } from "@hooke/transfer/texture-net";

/** A backbone for grey micrographs, and what it is called. */
export interface Backbone {
  readonly name: string;
  readonly model: TrainedModel;
}

/** @param side of the micrographs */
export async function textureBackbone(side: number): Promise<Backbone> {
  // Micrographs of periodic cells go on beyond their edges.
  const layer = textureNet({ paddingMode: "circular" });
  return { name: "textureNet", model: { layer, inputShape: [side, side, 1], variables: await textureNetWeights() } };
}

/**
 * MobileNetV2 as Keras trained it on ImageNet, for grey micrographs from 0 to 1. It was trained on photographs of 224 x 224 points, whose structures are
 * larger than those of small micrographs: each point becomes four.
 *
 * @param side of the micrographs
 * @param file safetensors with 1,001 classes and batch normalisation folded into its convolutions
 */
export async function mobileNetBackbone(side: number, file: string | URL): Promise<Backbone> {
  const style = { padding: "same", norm: false } as const;
  const { model } = await loadWeights(file, {
    model: mobileNetV2({ outputs: 1001, ...style }),
    inputShape: [2 * side, 2 * side, 3],
    map: { name: "the file", layout: "hooke", pathOf: (name) => name.replace(/^classifier\./, "head.") },
  });
  const { head: _, ...params } = model.variables.params as Readonly<Record<string, Tree<HostArray>>>;
  const layer = sequential({
    enlarged: upsample({ scale: 2 }),
    normalized: normalizeChannels({ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] }),
    network: mobileNetV2({ outputs: 0, ...style }),
  });
  const variables = { params: { network: params }, state: {} };
  return { name: "MobileNetV2", model: { layer, inputShape: [side, side, 1], variables } };
}
