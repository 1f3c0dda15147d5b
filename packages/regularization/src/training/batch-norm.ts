// Statistics for the batch norms of a model whose parameters did not come out of a training step, such as averaged
// ones.
import {
  apply,
  type BatchNormConfig,
  type InferenceOptions,
  precisionOf,
  summary,
  type TrainedModel,
  trainedModelCheck,
  type Variables,
} from "@hooke/core";
import { type Dataset, datasetCheck, datasetInPrecision, preprocess, take } from "@hooke/data";
import {
  checkArgument,
  compile,
  createPauses,
  fail,
  fullLike,
  type HostArray,
  mul,
  randomKey,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
} from "@hooke/runtime";

/** Options of {@link estimateBatchNorm}. */
export interface EstimateOptions extends InferenceOptions {
  /** Of the dropout masks on the way. Default 0. */
  readonly seed?: number;
}

/**
 * Replaces the running statistics of a model's batch norms by plain means over the batches of `data`, as PyTorch's
 * `update_bn`: means of the batches' means and unbiased variances. Layers behave as in training. Rows left over by full
 * batches are not used. Norms inside of `frozen` layers, and all other state, stay.
 *
 * @param data the training part, in its own units
 * @throws if the model has no batch norm to estimate; the signal's reason if it is aborted
 */
export async function estimateBatchNorm(
  model: TrainedModel,
  data: Dataset,
  options: EstimateOptions,
): Promise<TrainedModel> {
  checkArgument("estimateBatchNorm", "the model", model, trainedModelCheck);
  checkArgument("estimateBatchNorm", "the data", data, datasetCheck);
  const { backend, batchSize = 256, seed = 0 } = options;
  const { layer, inputShape, preprocessing, variables } = model;
  const exact = preprocessing === undefined ? data : preprocess(preprocessing, data);
  const { inputs, extras, count } = datasetInPrecision(exact, precisionOf(variables));
  const norms = summary(layer, inputShape).rows.filter(({ type }) => type === "batchNorm");
  const momenta = new Map(norms.map(({ path, config }) => [path, (config as BatchNormConfig).momentum ?? 0.1]));
  const step = compile(backend, (given: Variables, x: Tensor, more: Readonly<Record<string, Tensor>>, key: Tensor) => {
    const training = { training: true, key, extras: more };
    const before = new Map(treeLeaves<Tensor>(given.state).map(({ path, value }) => [path, value]));
    const after = new Map(
      treeLeaves<Tensor>(apply(layer, given, x, training).state).map(({ path, value }) => [path, value]),
    );
    // Norms inside of frozen layers hand their statistics on as they are.
    const momentumOf = (path: string): number =>
      before.get(path) === after.get(path) ? 0 : (momenta.get(normOf(path)) ?? 0);
    // From zeros, a running statistic becomes momentum times that of the batch.
    const start = treeMap(given.state, (value: Tensor, path: string) =>
      momentumOf(path) === 0 ? value : fullLike(value, 0),
    );
    const { state } = apply(layer, { params: given.params, state: start } as Variables, x, training);
    const estimated = treeLeaves<Tensor>(state).filter(({ path }) => momentumOf(path) > 0);
    return Object.fromEntries(estimated.map(({ path, value }) => [path, mul(value, 1 / momentumOf(path))]));
  }) as unknown as (...operands: unknown[]) => Promise<Readonly<Record<string, HostArray>>>;

  const sums = new Map<string, Float64Array>();
  const size = Math.min(batchSize, count);
  const rounds = Math.floor(count / size);
  const pause = createPauses();
  for (let i = 0; i < rounds; i++) {
    const rows = Array.from({ length: size }, (_, row) => i * size + row);
    const pausing = pause();
    if (pausing !== undefined) await pausing;
    options.signal?.throwIfAborted();
    const part = take({ ...data, inputs, extras }, rows);
    const found = await step(variables, part.inputs, part.extras, randomKey(seed + i));
    for (const [path, value] of Object.entries(found)) {
      const sum = sums.get(path) ?? new Float64Array(value.data.length);
      for (let k = 0; k < sum.length; k++) sum[k]! += value.data[k]! / rounds;
      sums.set(path, sum);
    }
  }
  if (sums.size === 0)
    fail("estimateBatchNorm", `the model (${layer.type}) has no batch norm to estimate.`, "mismatch");
  const state = treeMap(variables.state, (value: HostArray, path: string) => {
    const mean = sums.get(path);
    return mean === undefined
      ? value
      : ({ ...value, data: value.data.slice().map((_: number, k: number) => mean[k]!) } as HostArray);
  }) as Tree<HostArray>;
  return { ...model, variables: { ...variables, state } };
}

const normOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf(".")));
