// ResNet-18 without its head, with random weights or those of a file; textureNet with the weights that come along; and the model that a
// new head makes of either.
import { dense, dropout, initialize, type Layer, sequential, type TrainedModel, type Variables } from "@hooke/core";
import { resnet18, textureNet } from "@hooke/layers-conv";
import type { Backend, HostArray, Tree } from "@hooke/runtime";
import { loadWeights, normalizeChannels, type SourceOptions, withHead } from "@hooke/transfer";
import { textureNetWeights } from "@hooke/transfer/texture-net";

/** What torchvision's networks were trained on: images from 0 to 1, normalised. Grey ones are seen as grey images in colour. */
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** A backbone, and where its numbers come from. */
export interface Backbone extends TrainedModel {
  readonly origin: string;
  /** Features that it makes of an image. */
  readonly width: number;
}

/** Where the weights of a ResNet-18 are, and how they are got. */
export interface Weights extends SourceOptions {
  /** A path, or an address, which needs `sha256`. */
  readonly source: string;
}

/**
 * @param side of the grey images
 * @param weights of a `resnet18` of torchvision or timm. Default: random ones
 */
export async function resnetBackbone(
  backend: Backend,
  side: number,
  seed: number,
  weights?: Weights,
): Promise<Backbone> {
  const network = resnet18({ outputs: 0 });
  const layer = sequential({ normalized: normalizeChannels(imagenet), network });
  const inputShape = [side, side, 1];
  const random = await initialize(backend, layer, inputShape, seed);
  const backbone = { layer, inputShape, width: 512 };
  if (weights === undefined) {
    return { ...backbone, variables: random, origin: "ResNet-18, random weights: nothing is transferred" };
  }
  const { source, ...options } = weights;
  const { model, report } = await loadWeights(source, { ...options, model: network, inputShape: [side, side, 3] });
  const within = (tree: Tree<HostArray>, part: Tree<HostArray>): Tree<HostArray> => ({
    ...(tree as object),
    network: part,
  });
  const variables: Variables<HostArray> = {
    params: within(random.params, model.variables.params),
    state: within(random.state, model.variables.state),
  };
  return { ...backbone, variables, origin: `ResNet-18, weights of ${source}, ${String(report).split("\n")[0]}` };
}

/** textureNet, which was trained on generated textures; the micrographs are periodic. */
export async function textureBackbone(side: number): Promise<Backbone> {
  const layer = textureNet({ paddingMode: "circular" });
  const origin = "textureNet, trained on generated textures";
  return { layer, inputShape: [side, side, 1], variables: await textureNetWeights(), width: 128, origin };
}

/** The new head: 128-1 on the features, with dropout. */
export const newHead = (outputs: number): Layer =>
  sequential([dense({ units: 128, activation: "relu" }), dropout({ rate: 0.3 }), dense({ units: outputs })]);

/** The backbone, frozen, with a new head that is not trained yet. */
export async function buildTransferModel(backend: Backend, backbone: Backbone, outputs = 1): Promise<TrainedModel> {
  const [layer, inputShape] = [newHead(outputs), [backbone.width]];
  return withHead(backbone, { layer, inputShape, variables: await initialize(backend, layer, inputShape, 0) });
}
