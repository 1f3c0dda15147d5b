// Grad-CAM: where a layer inside of a network speaks for a prediction.
import { applyTapped, precisionOf, type TrainedModel } from "@hooke/core";
import { type Dataset, inPrecision, preprocessInputs, targetSlopes } from "@hooke/data";
import {
  checkOptions,
  checks,
  describe,
  fail,
  grad,
  type HostArray,
  mean,
  mul,
  sliceAxis,
  sum,
  type Tensor,
  zeros,
} from "@hooke/runtime";
import { createBatched } from "../model/batched.ts";
import { checkNetwork, runChecks } from "../model/checks.ts";
import type { ExplainOptions } from "../model/options.ts";
import { outputRows, placeOf, predictionsOf } from "../model/output.ts";
import { rowsOf } from "../model/rows.ts";

/** Options of {@link gradCam}. */
export interface GradCamOptions extends ExplainOptions {
  /** Path of the layer, as `summary` lists them; its output is `[batch, ..., channels]` with one to three axes of places. */
  readonly layer: string;
  /**
   * How slopes weigh channels: `"mean"`, the mean over places, as in Grad-CAM; or `"each"`, every place by its own, as in HiResCAM, so that
   * what is shown is what counts. Default `"mean"`.
   */
  readonly weighting?: "mean" | "each";
  /** What is kept of the weighted sum: what raises the output, by a ReLU; or `"both"` signs. Default `"positive"`. */
  readonly sign?: "positive" | "both";
}

/** What {@link gradCam} finds. */
export interface GradCam {
  /** `[rows, ...]`, f64, the places of the layer: what they add to the prediction to first order, in its unit. */
  readonly values: HostArray;
  readonly predictions: Float64Array;
}

/**
 * Grad-CAM (Selvaraju et al., ICCV 2017) in one, two or three dimensions: the layer's channels, weighted by the slopes of the output in
 * them, summed, and then cut at 0. With `weighting: "each"` it is HiResCAM (Draelos and Carin 2020): where the rest of the network is an
 * average and a linear function, its places add up to the output less its bias. The layer is tapped, not hooked: layers that are used twice
 * have the paths `path` and `path#1`, and frozen ones are seen as others are.
 *
 * @param data `[rows, ..., channels]` in the units of the data, or a dataset
 * @param options `backend` and `layer` are needed. Defaults: the only output, `weighting` `"mean"`, `sign` `"positive"`, batches of 64
 * @returns maps of the layer's size, not stretched to that of the input: a figure does that
 * @throws on a model without gradients, on the path of no layer, on a layer without places, on predictions that are not finite; on several
 *   rows where the layer sees several copies of each: give one row, the first copy is shown
 * @example
 * ```ts
 * import { initialize, sequential } from "@hooke/core";
 * import { gradCam } from "@hooke/explain";
 * import { conv2d, globalAveragePool } from "@hooke/layers-conv";
 * import { referenceBackend, zeros } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const layer = sequential({ body: conv2d({ filters: 1, kernelSize: 3 }), pool: globalAveragePool() });
 * const model = { layer, inputShape: [6, 4, 1], variables: await initialize(backend, layer, [6, 4, 1], 0) };
 * const { values } = await gradCam(model, zeros([2, 6, 4, 1]), { backend, layer: "body" });
 * console.log(values.shape); // [ 2, 6, 4 ]
 * ```
 */
export async function gradCam(
  model: TrainedModel,
  data: HostArray | Dataset,
  options: GradCamOptions,
): Promise<GradCam> {
  const who = "gradCam";
  checkNetwork(who, model);
  checkOptions<GradCamOptions>(who, options, {
    required: {
      backend: checks.backend,
      layer: (value) => (typeof value === "string" ? undefined : "the path of a layer, as summary lists them"),
    },
    optional: {
      ...runChecks,
      weighting: (value) => checks.oneOf(value, ["mean", "each"]),
      sign: (value) => checks.oneOf(value, ["positive", "both"]),
    },
  });
  const { layer: path, weighting = "mean", sign = "positive", output, extras: given } = options;
  const { layer, variables, preprocessing } = model;
  const rows = rowsOf(who, model, data, given);
  let place = 0;
  const batched = createBatched(model, options, (variables, x, extras) => {
    const tapped = applyTapped(layer, variables, x, { extras, taps: [path] });
    const seen = placesOf(who, path, tapped.taps[path]!, x);
    const outputs = outputRows(who, tapped.output);
    place = placeOf(who, model, output, outputs.shape[1]!);
    const slopes = grad((placed: Tensor) => {
      const { output: all } = applyTapped(layer, variables, x, { extras, given: { [path]: placed } });
      return sum(sliceAxis(outputRows(who, all), 1, place, place + 1));
    })(seen);
    const axes = seen.shape.map((_, axis) => axis).slice(1, -1);
    const weights = weighting === "mean" ? mean(slopes, { axes, keepDims: true }) : slopes;
    const map = sum(mul(seen, weights), { axes: -1 });
    return { outputs, map: sliceAxis(map, 0, 0, x.shape[0]!) };
  });
  try {
    const prepared = preprocessing === undefined ? rows.inputs : preprocessInputs(preprocessing, rows.inputs);
    const found = await batched.run({ ...rows, inputs: inPrecision(prepared, precisionOf(variables), who) });
    const [outputs, map] = [found.outputs!, found.map!];
    const restore = preprocessing && targetSlopes(preprocessing, outputs).data;
    const values = zeros(map.shape, "f64");
    const width = map.data.length / map.shape[0]!;
    for (let i = 0; i < values.data.length; i++) {
      const stretch = restore === undefined ? 1 : Number(restore[Math.floor(i / width) * outputs.shape[1]! + place]!);
      const value = stretch * Number(map.data[i]!);
      values.data[i] = sign === "positive" ? Math.max(0, value) : value;
    }
    return { values, predictions: predictionsOf(who, model, outputs, place) };
  } finally {
    batched.free();
  }
}

/** The output of a layer, if it has places. @throws if not, and where several copies of several rows are seen */
function placesOf(who: string, path: string, seen: Tensor, x: Tensor): Tensor {
  if (seen.rank < 3 || seen.rank > 5) {
    fail(
      who,
      `the layer "${path}" gives ${describe(seen)}; it takes one with places, [batch, ..., channels]: a convolution, or one step by step.`,
      "mismatch",
    );
  }
  if (seen.shape[0] !== x.shape[0] && x.shape[0] !== 1) {
    fail(
      who,
      `the layer "${path}" sees ${seen.shape[0]} images of ${x.shape[0]} rows; give one row at a time.`,
      "unsupported",
    );
  }
  return seen;
}
