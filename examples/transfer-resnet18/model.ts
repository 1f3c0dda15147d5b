// ResNet-18 without its head, with random weights or with those of a file; and the model that a new head makes of it.
import { readFile } from "node:fs/promises";
import { dense, dropout, initialize, type Layer, sequential, type TrainedModel, type Variables } from "@hooke/core";
import { decodeSafetensors } from "@hooke/data/safetensors";
import { resnet18 } from "@hooke/layers-conv";
import { type Backend, fail, type HostArray, sameShape, type Tree, treeMap } from "@hooke/runtime";
import { normalizeChannels, withHead } from "@hooke/transfer";

/** What torchvision's networks were trained on: images from 0 to 1, normalised. Grey ones are seen as grey images in colour. */
const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };

/** A backbone, and where its numbers come from. */
export interface Backbone extends TrainedModel {
  readonly origin: string;
}

/**
 * @param side of the grey images
 * @param file torchvision's weights, `resnet18` as .safetensors. Default: random ones
 */
export async function resnetBackbone(backend: Backend, side: number, seed: number, file?: string): Promise<Backbone> {
  const layer = sequential({ normalized: normalizeChannels(imagenet), network: resnet18({ outputs: 0 }) });
  const inputShape = [side, side, 1];
  const random = await initialize(backend, layer, inputShape, seed);
  if (file === undefined)
    return { layer, inputShape, variables: random, origin: "random weights: nothing is transferred" };
  const { tensors } = decodeSafetensors(await readFile(file), { source: file });
  const variables = treeMap(random as unknown as Tree<HostArray>, (value: HostArray, path: string) =>
    converted(tensors, value, torchvisionName(path), file),
  ) as unknown as Variables<HostArray>;
  return { layer, inputShape, variables, origin: `weights of ${file}` };
}

/** `params.network.layer2.0.shortcut.0.kernel` is `layer2.0.downsample.0.weight`. */
const torchvisionName = (path: string): string =>
  path
    .replace(/^(params|state)\.network\./, "")
    .replace("shortcut", "downsample")
    .replace(/norm(\d)/, "bn$1")
    .replace(/\.(kernel|scale)$/, ".weight")
    .replace(/\.mean$/, ".running_mean")
    .replace(/\.variance$/, ".running_var");

/** A tensor in Hooke's layout: kernels `[height, width, inputs, outputs]`, in PyTorch `[outputs, inputs, height, width]`. */
function converted(
  tensors: Readonly<Record<string, HostArray>>,
  like: HostArray,
  name: string,
  file: string,
): HostArray {
  const found =
    tensors[name] ?? fail("resnetBackbone", `${file} has no "${name}"; give torchvision's resnet18.`, "mismatch");
  const [h = 1, w = 1, i = 1, o = 1] = like.shape;
  const expected = like.shape.length === 4 ? [o, i, h, w] : like.shape;
  if (!sameShape(found.shape, expected)) {
    fail("resnetBackbone", `"${name}" in ${file} is [${found.shape}]; expected [${expected}].`, "mismatch");
  }
  if (like.shape.length !== 4) return { ...like, data: Float32Array.from(found.data) };
  const data = new Float32Array(found.data.length);
  let at = 0;
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      for (let c = 0; c < i; c++) for (let f = 0; f < o; f++) data[at++] = found.data[((f * i + c) * h + y) * w + x]!;
    }
  }
  return { ...like, data };
}

/** The new head: 512-128-1 with dropout. */
export const newHead = (outputs: number): Layer =>
  sequential([dense({ units: 128, activation: "relu" }), dropout({ rate: 0.3 }), dense({ units: outputs })]);

/** The backbone, frozen, with a new head that is not trained yet. */
export async function buildTransferModel(backend: Backend, backbone: Backbone, outputs = 1): Promise<TrainedModel> {
  const layer = newHead(outputs);
  return withHead(backbone, { layer, inputShape: [512], variables: await initialize(backend, layer, [512], 0) });
}
