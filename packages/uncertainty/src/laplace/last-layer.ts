// Last-layer Laplace: Bayesian linear regression on what reaches the last layer, in closed form.
import { restsFor } from "@hooke/baselines/linear";
import { applyTapped, type InferenceOptions, type TrainedModel } from "@hooke/core";
import type { Dataset } from "@hooke/data";
import { checkArgument, checkOptions, describe, fail, type HostArray, type Tree } from "@hooke/runtime";
import { rowsCheck, rowsFor } from "../draws/sampler.ts";
import { denseConfig, lastDense, overRows } from "./dense-layers.ts";
import { checkLaplace, inferenceTable, type Laplace, laplaceMixture, targetsOf } from "./laplace.ts";
import { posterior, type Regression, regress } from "./regression.ts";

/**
 * Bayesian linear regression on the inputs of a model's last layer (last-layer Laplace; Daxberger et al., NeurIPS 2021; the neural linear model of Snoek et al. 2015). Its
 * posterior is exact and in closed form: a normal prior on the weights, a flat one on the bias, normal noise; the evidence chooses the variances of both, for each target. The
 * last layer is put at its posterior mean, which is the likeliest under that prior; what is before it stays, so that what it does not know it is sure of. Rows
 * whose features are unlike those of the training get wider distributions.
 *
 * @param model ends with a dense layer without an activation; trained with a squared error
 * @param data the training part, `[rows, columns]` targets
 * @throws on models of classes, on another end, on targets that were trained as logarithms, on fewer than 3 rows
 * @example
 * ```ts
 * import { dense, initialize, sequential } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { lastLayerLaplace } from "@hooke/uncertainty";
 *
 * const backend = referenceBackend();
 * const layer = sequential([dense({ units: 6, activation: "tanh" }), dense({ units: 1 })]);
 * const model = { layer, inputShape: [1], variables: await initialize(backend, layer, [1], 0) };
 * const data = dataset({ inputs: array([[-1], [-0.5], [0], [0.5], [1]]), targets: array([[1.1], [0.4], [0], [-0.6], [-0.9]]) });
 * const laplace = await lastLayerLaplace(model, data, { backend });
 * const { deviation } = await laplace.predict(array([[0], [8]]), { backend });
 * console.log(deviation.data[1]! > 1.2 * deviation.data[0]!); // true
 * ```
 */
export async function lastLayerLaplace(
  model: TrainedModel,
  data: Dataset,
  options: InferenceOptions,
): Promise<Laplace> {
  const who = "lastLayerLaplace";
  const scales = checkLaplace(who, model, data, options);
  const { backend, batchSize = 256, signal } = options;
  const rows = rowsFor(who, model, data);
  const path = lastDense(who, model, rows);
  const biased = denseConfig(model, path).bias ?? true;
  const featuresOf = async (of: typeof rows, where: InferenceOptions): Promise<HostArray> => {
    const run = { backend: where.backend, batchSize: where.batchSize ?? 256, signal: where.signal };
    const [features] = await overRows(model, of, run, (variables, { inputs, extras }) => [
      applyTapped(model.layer, variables, inputs, { inputs: [path], extras }).inputs[path]!,
    ]);
    return features!;
  };
  const features = await featuresOf(rows, { backend, batchSize, ...(signal && { signal }) });
  if (features.shape.length !== 2) {
    fail(
      who,
      `its last layer gets ${describe(features)}; it takes features, [rows, features], not steps or pixels.`,
      "unsupported",
    );
  }
  const targets = targetsOf(model, data);
  const regression = await regress(features, targets, biased, restsFor(signal));
  const fitted = withLastLayer(model, path, regression, biased);
  return {
    model: fitted,
    evidence: regression.columns.map(({ evidence }) => evidence),
    noise: regression.columns.map(({ evidence }, column) => (scales?.[column] ?? 1) / Math.sqrt(evidence.precision)),
    async predict(inputs, where) {
      checkArgument(who, "the inputs", inputs, rowsCheck);
      checkOptions<InferenceOptions>(who, where, inferenceTable);
      const asked = await featuresOf(rowsFor(who, model, inputs), where);
      const { mean, spread, noise } = posterior(regression, asked);
      return laplaceMixture(model, asked.shape[0]!, mean, spread, noise, scales);
    },
  };
}

/** The model with its last layer at the posterior mean. */
function withLastLayer(
  model: TrainedModel,
  path: string,
  { width, columns }: Regression,
  biased: boolean,
): TrainedModel {
  const kernel = Float64Array.from(
    { length: width * columns.length },
    (_, i) => columns[i % columns.length]!.weights[Math.floor(i / columns.length)]!,
  );
  const bias = Float64Array.from(columns, (column) => column.bias);
  const replace = (tree: Tree<HostArray>, names: readonly string[]): Tree<HostArray> => {
    if (names.length === 0) {
      const old = tree as Readonly<Record<string, HostArray>>;
      const like = (name: string, data: Float64Array): HostArray =>
        old[name]!.dtype === "f64"
          ? { ...old[name]!, dtype: "f64", data }
          : { ...old[name]!, dtype: "f32", data: Float32Array.from(data) };
      return { ...old, kernel: like("kernel", kernel), ...(biased && { bias: like("bias", bias) }) } as Tree<HostArray>;
    }
    const record = tree as Readonly<Record<string, Tree<HostArray>>>;
    return { ...record, [names[0]!]: replace(record[names[0]!]!, names.slice(1)) };
  };
  const params = replace(model.variables.params, path === "" ? [] : path.split("."));
  return { ...model, variables: { ...model.variables, params } };
}
