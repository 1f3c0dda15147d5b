// What the numbered variables of Keras 3 are, by the kind of their layer.

const kernelAndBias = ["kernel", "bias"];
const separable = ["depthwise_kernel", "pointwise_kernel", "bias"];

/** In the order in which layers make them. A layer with fewer has left out the last; where it could be another, the kind is not listed. */
const known: Readonly<Record<string, readonly string[]>> = {
  dense: kernelAndBias,
  conv1d: kernelAndBias,
  conv2d: kernelAndBias,
  conv3d: kernelAndBias,
  conv1d_transpose: kernelAndBias,
  conv2d_transpose: kernelAndBias,
  conv3d_transpose: kernelAndBias,
  depthwise_conv1d: kernelAndBias,
  depthwise_conv2d: kernelAndBias,
  separable_conv1d: separable,
  separable_conv2d: separable,
  embedding: ["embeddings"],
};

/** Those that may lack either of two: known when they have all. */
const whole: Readonly<Record<string, readonly string[]>> = {
  batch_normalization: ["gamma", "beta", "moving_mean", "moving_variance"],
  layer_normalization: ["gamma", "beta"],
};

/**
 * The names of the variables of a layer; undefined where its kind does not tell.
 *
 * @param key of its group, the kind with a number behind it, such as `"conv2d_3"`
 */
export function variableNames(key: string, count: number): readonly string[] | undefined {
  const kind = key.replace(/_\d+$/, "");
  if (Object.hasOwn(known, kind) && count <= known[kind]!.length) return known[kind];
  return Object.hasOwn(whole, kind) && count === whole[kind]!.length ? whole[kind] : undefined;
}
