// Gaussian heads: models that say their own mean and variance.
import { type InferenceOptions, predict, type TrainedModel, trainedModelCheck } from "@hooke/core";
import { type Dataset, restoreTargets } from "@hooke/data";
import { checkArgument, checkOptions, checks, describe, fail, type HostArray } from "@hooke/runtime";
import { checkFinite, f64 } from "../checks.ts";
import { checkMembers } from "../draws/predict-members.ts";
import { rowsCheck } from "../draws/sampler.ts";
import { type Mixture, moments } from "../predictive/mixture.ts";
import { deviationScales, refuseClasses, withoutUnits } from "../units.ts";

/** Options of {@link predictNormals}. */
export interface PredictNormalsOptions extends InferenceOptions {
  /** The `epsilon` of the loss, the least variance. Default 1e-6. */
  readonly epsilon?: number;
}

/**
 * Distributions of a model that was trained with `gaussianNll`, in the units of the targets: a normal one each, of several models their mixture (a deep ensemble;
 * Lakshminarayanan, Pritzel and Blundell 2017).
 *
 * @param model of `2 k` outputs for `k` targets, means and then logarithms of variances; or a list of such models, two at least
 * @throws on another number of outputs, on models of classes, on targets that were trained as logarithms, and on an ensemble of one
 * @example
 * ```ts
 * import { dense, initialize } from "@hooke/core";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { predictNormals } from "@hooke/uncertainty";
 *
 * const backend = referenceBackend();
 * const layer = dense({ units: 2, kernelInitializer: "ones", biasInitializer: "zeros" });
 * const model = { layer, inputShape: [1], variables: await initialize(backend, layer, [1], 0) };
 * const { mean, deviation } = await predictNormals(model, array([[2]]), { backend });
 * console.log(mean.data[0], deviation.data[0] === Math.exp(1)); // 2 true
 * ```
 */
export async function predictNormals(
  model: TrainedModel | readonly TrainedModel[],
  inputs: HostArray | Dataset,
  options: PredictNormalsOptions,
): Promise<Mixture> {
  const models = Array.isArray(model) ? (model as readonly TrainedModel[]) : [model as TrainedModel];
  if (Array.isArray(model)) checkMembers("predictNormals", models);
  else checkArgument("predictNormals", "the model", model, trainedModelCheck);
  checkArgument("predictNormals", "the inputs", inputs, rowsCheck);
  checkOptions<PredictNormalsOptions>("predictNormals", options, {
    required: { backend: checks.backend },
    optional: { batchSize: checks.count, signal: checks.signal, epsilon: checks.positive },
  });
  const { epsilon = 1e-6, ...where } = options;
  const parts: { mean: HostArray; deviation: Float64Array }[] = [];
  for (const each of models) {
    refuseClasses("predictNormals", each);
    const scales = deviationScales("predictNormals", each.preprocessing);
    const output = await predict(withoutUnits(each), inputs, where);
    parts.push(divided(each, output, scales, epsilon));
  }
  const { shape } = parts[0]!.mean;
  const joined = (of: (part: (typeof parts)[number]) => ArrayLike<number>) =>
    f64([parts.length, ...shape], Float64Array.from(parts.flatMap((part) => Array.from(of(part)))));
  return moments(
    joined(({ mean }) => mean.data),
    joined(({ deviation }) => deviation),
  );
}

function divided(
  { layer, preprocessing }: TrainedModel,
  output: HostArray,
  scales: readonly number[] | undefined,
  epsilon: number,
): { readonly mean: HostArray; readonly deviation: Float64Array } {
  const outputs = output.shape.at(-1) ?? 1;
  const columns = preprocessing?.targetNames.length ?? outputs / 2;
  if (output.shape.length < 2 || outputs !== 2 * columns) {
    fail(
      "predictNormals",
      `the model (${layer.type}) predicts ${describe(output)} for ${columns} targets; it takes a mean and the logarithm of a variance for each, as loss: gaussianNll() trains them.`,
      "mismatch",
    );
  }
  checkFinite("predictNormals", "the predictions", output);
  const size = output.data.length / 2;
  const mean = new Float64Array(size);
  const deviation = new Float64Array(size);
  const least = Math.log(epsilon);
  for (let i = 0; i < size; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    mean[i] = output.data[row * outputs + column]!;
    const logVariance = Math.max(least, output.data[row * outputs + columns + column]!);
    deviation[i] = Math.exp(0.5 * logVariance) * (scales?.[column] ?? 1);
  }
  const means = f64([...output.shape.slice(0, -1), columns], mean);
  return { mean: preprocessing === undefined ? means : restoreTargets(preprocessing, means), deviation };
}
