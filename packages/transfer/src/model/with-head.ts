// A backbone and what was fitted to its features, as one model of images.
import {
  apply,
  frozen,
  precisionOf,
  sequential,
  type TrainedModel,
  trainedModelCheck,
  type Variables,
} from "@hooke/core";
import { inPrecision, type Preprocessing } from "@hooke/data";
import {
  checkArgument,
  checkOptions,
  fail,
  type HostArray,
  record,
  type Tensor,
  type Tree,
  treeMap,
  zeros,
} from "@hooke/runtime";
import { imageFeatures, viewsCheck } from "./image-features.ts";
import type { Views } from "./views.ts";

/** Options of {@link withHead}. */
export interface WithHeadOptions {
  /**
   * Copies of an image whose features are averaged before the head: those that the probe was fitted with, for the same predictions. Each
   * costs a pass through the network. Default `"none"`.
   */
  readonly views?: Views;
}

/**
 * The model of images that a backbone and a model of its features make: an ordinary trained model, which `predict` applies and `encodeModel`
 * writes. The backbone is frozen in it: `features.layer.` and its own paths are those of its variables, `head.` those of the head.
 *
 * @param backbone what the features were computed with; its preprocessing is the model's
 * @param head the `model` of a probe or of a head
 * @throws if the head takes other features
 * @example
 * ```ts
 * import { dense, flatten, initialize, predict, sequential } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { features, probe, withHead } from "@hooke/transfer";
 *
 * const backend = referenceBackend();
 * const layer = sequential([flatten(), dense({ units: 3 })]);
 * const backbone = { layer, inputShape: [2, 2, 1], variables: await initialize(backend, layer, [2, 2, 1], 0) };
 * const inputs = array([0, 1, 2, 3].map((i) => [[[i], [1]], [[i * i], [0]]]));
 * const images = dataset({ inputs, targets: array([1, 2, 3, 4]) });
 *
 * const { model } = await probe({ data: await features(backbone, images, { backend }) });
 * const { shape } = await predict(withHead(backbone, model), images, { backend });
 * console.log(shape); // [ 4, 1 ]
 * ```
 */
export function withHead(backbone: TrainedModel, head: TrainedModel, options: WithHeadOptions = {}): TrainedModel {
  checkArgument("withHead", "the backbone", backbone, trainedModelCheck);
  checkArgument("withHead", "the head", head, trainedModelCheck);
  checkOptions<WithHeadOptions>("withHead", options, { optional: { views: viewsCheck } });
  const { views = "none" } = options;
  if (head.preprocessing !== undefined && head.preprocessing.inputs.length > 0) {
    const cure = "put the scaling into it as a layer, normalizeChannels({ mean, std })";
    fail("withHead", `the head scales its features by preprocessing; ${cure}.`, "unsupported");
  }
  const precision = precisionOf(backbone.variables);
  const converted = (tree: Tree<HostArray>): Tree<HostArray> =>
    treeMap(tree, (value: HostArray) => inPrecision(value, precision, "withHead")) as Tree<HostArray>;
  const layer = sequential({ features: frozen(imageFeatures({ layer: backbone.layer, views })), head: head.layer });
  const join = (part: "params" | "state"): Tree<HostArray> => ({
    ...(isEmpty(backbone.variables[part]) ? {} : { features: { layer: backbone.variables[part] } }),
    ...(isEmpty(head.variables[part]) ? {} : { head: converted(head.variables[part]) }),
  });
  const variables: Variables<HostArray> = { params: join("params"), state: join("state") };
  const { inputShape } = backbone;
  const shape = "shape" in inputShape ? inputShape.shape : inputShape;
  const forward = (given: Variables, x: Tensor): Tensor => apply(layer, given, x).output;
  record(forward as (...args: unknown[]) => Tensor, variables, zeros([1, ...shape], precision));
  return { layer, inputShape, variables, preprocessing: preprocessingOf(backbone, head) };
}

const isEmpty = (tree: Tree<HostArray>): boolean => Object.keys(tree).length === 0;

function preprocessingOf(
  { preprocessing: images }: TrainedModel,
  { preprocessing: features }: TrainedModel,
): Preprocessing {
  const { targetNames = [], targets = [], classes } = features ?? {};
  return {
    // A backbone of unknown origin takes channels by whatever name: grey, or red, green and blue.
    inputNames: images?.inputNames ?? [],
    inputs: images?.inputs ?? [],
    targetNames,
    targets,
    categories: {},
    ...(classes && { classes }),
  };
}
