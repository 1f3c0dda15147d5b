// Quantile heads: models that say the numbers that so many targets lie below.
import { type InferenceOptions, predict, type TrainedModel, trainedModelCheck } from "@hooke/core";
import { type Dataset, restoreTargets } from "@hooke/data";
import { checkArgument, checkOptions, checks, describe, fail, type HostArray } from "@hooke/runtime";
import { checkFinite, f64 } from "../checks.ts";
import { rowsCheck } from "../draws/sampler.ts";
import { refuseClasses, withoutUnits } from "../units.ts";

/** Options of {@link predictQuantiles}. */
export interface PredictQuantilesOptions extends InferenceOptions {
  /** Those of the loss. */
  readonly quantiles: readonly number[];
}

/**
 * Quantiles of a model that was trained with `pinball`, in the units of the targets. Where they cross they are put in order (Chernozhukov, Fernandez-Val and Galichon
 * 2010), which brings them no further from the truth.
 *
 * @returns `f64[quantiles, rows, ...]`, ascending; the first and the last are bounds for `quantileConformal`
 * @throws on another number of outputs than the quantiles of each target, and on models of classes
 * @example
 * ```ts
 * import { dense, initialize } from "@hooke/core";
 * import { array, referenceBackend } from "@hooke/runtime";
 * import { predictQuantiles } from "@hooke/uncertainty";
 *
 * const backend = referenceBackend();
 * const layer = dense({ units: 2 });
 * const model = { layer, inputShape: [1], variables: await initialize(backend, layer, [1], 0) };
 * const { shape, data } = await predictQuantiles(model, array([[1], [2], [3]]), { backend, quantiles: [0.05, 0.95] });
 * console.log(shape, data[0]! <= data[3]!); // [ 2, 3, 1 ] true
 * ```
 */
export async function predictQuantiles(
  model: TrainedModel,
  inputs: HostArray | Dataset,
  options: PredictQuantilesOptions,
): Promise<HostArray> {
  checkArgument("predictQuantiles", "the model", model, trainedModelCheck);
  checkArgument("predictQuantiles", "the inputs", inputs, rowsCheck);
  checkOptions<PredictQuantilesOptions>("predictQuantiles", options, {
    required: {
      backend: checks.backend,
      quantiles: (value) =>
        Array.isArray(value) && value.length > 0 ? undefined : "the quantiles of the loss, such as [0.05, 0.95]",
    },
    optional: { batchSize: checks.count, signal: checks.signal },
  });
  const { quantiles, ...where } = options;
  refuseClasses("predictQuantiles", model);
  const output = await predict(withoutUnits(model), inputs, where);
  checkFinite("predictQuantiles", "the predictions", output);
  const { preprocessing } = model;
  const outputs = output.shape.at(-1) ?? 1;
  const count = quantiles.length;
  const columns = preprocessing?.targetNames.length ?? outputs / count;
  if (output.shape.length < 2 || outputs !== count * columns) {
    fail(
      "predictQuantiles",
      `the model (${model.layer.type}) predicts ${describe(output)} for ${columns} targets; it takes ${count} quantiles for each, as loss: pinball({ quantiles }) trains them.`,
      "mismatch",
    );
  }
  const shape = [...output.shape.slice(0, -1), columns];
  const size = output.data.length / count;
  const all = new Float64Array(output.data.length);
  for (let q = 0; q < count; q++) {
    const own = f64(
      shape,
      Float64Array.from(
        { length: size },
        (_, i) => output.data[Math.floor(i / columns) * outputs + q * columns + (i % columns)]!,
      ),
    );
    all.set(
      preprocessing === undefined ? (own.data as Float64Array) : restoreTargets(preprocessing, own).data,
      q * size,
    );
  }
  const each = new Float64Array(count);
  for (let i = 0; i < size; i++) {
    for (let q = 0; q < count; q++) each[q] = all[q * size + i]!;
    each.sort();
    for (let q = 0; q < count; q++) all[q * size + i] = each[q]!;
  }
  return f64([count, ...shape], all);
}
