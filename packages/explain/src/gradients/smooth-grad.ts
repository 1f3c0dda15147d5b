// SmoothGrad: slopes averaged over inputs with noise.
import { randomFrom } from "@hooke/baselines";
import type { TrainedModel } from "@hooke/core";
import { type Dataset, preprocessInputs } from "@hooke/data";
import { checkOptions, checks, type HostArray, randomKey, zeros } from "@hooke/runtime";
import { checkNetwork, listenerCheck, runChecks } from "../model/checks.ts";
import type { ExplainOptions, ExplainProgress } from "../model/options.ts";
import { rowsOf, takeOf } from "../model/rows.ts";
import { createSlopes } from "../model/slopes.ts";

/** Options of {@link smoothGrad}. */
export interface SmoothGradOptions extends ExplainOptions {
  /** Copies of each row with noise. 1 copy with `noise: 0` is the plain gradient. Default 50. */
  readonly samples?: number;
  /** The standard deviation of the noise, as a part of the range of the row's inputs after preprocessing. Default 0.15. */
  readonly noise?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly onProgress?: (progress: ExplainProgress) => void;
}

/** What {@link smoothGrad} finds. */
export interface SmoothGrad {
  /** `[rows, ...]`, f64, as the inputs: mean slopes, units of the prediction for one of the input. */
  readonly values: HostArray;
  /** Of the rows as they are. */
  readonly predictions: Float64Array;
}

/**
 * SmoothGrad (Smilkov et al. 2017): the slope of the prediction in each input, the mean over copies of the row with normal noise, in the
 * units of the data. Noise is added after preprocessing, where inputs are of one size; a logarithm stretches as it does at the row itself.
 * A slope says what a small change does, not what an input adds: `integratedGradients` does.
 *
 * @param data `[rows, ...]` in the units of the data, or a dataset
 * @param options `backend` is needed. Defaults: the only output, 50 samples, `noise` 0.15, `seed` 0, batches of 64
 * @throws on a model without gradients, on whole numbers as inputs, on predictions that are not finite; the signal's reason if it is aborted
 * @example
 * ```ts
 * import { dense, initialize } from "@hooke/core";
 * import { smoothGrad } from "@hooke/explain";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const layer = dense({ units: 1, kernelInitializer: "ones" });
 * const model = { layer, inputShape: [2], variables: await initialize(backend, layer, [2], 0) };
 * const { values } = await smoothGrad(model, array([[3, 5]]), { backend, samples: 4 });
 * console.log(Array.from(values.data)); // [ 1, 1 ]
 * ```
 */
export async function smoothGrad(
  model: TrainedModel,
  data: HostArray | Dataset,
  options: SmoothGradOptions,
): Promise<SmoothGrad> {
  const who = "smoothGrad";
  checkNetwork(who, model);
  checkOptions<SmoothGradOptions>(who, options, {
    required: { backend: checks.backend },
    optional: {
      ...runChecks,
      samples: checks.count,
      noise: checks.nonNegative,
      seed: checks.wholeNumber,
      onProgress: listenerCheck,
    },
  });
  const { samples = 50, noise = 0.15, seed = 0, extras, onProgress } = options;
  const rows = rowsOf(who, model, data, extras);
  const { preprocessing } = model;
  const prepared = preprocessing === undefined ? rows.inputs : preprocessInputs(preprocessing, rows.inputs);
  const slopes = createSlopes(who, model, options);
  try {
    const { predictions } = await slopes.at(rows);
    const values = zeros(rows.inputs.shape, "f64");
    const width = values.data.length / predictions.length;
    for (const row of predictions.keys()) {
      onProgress?.({ fraction: row / predictions.length, text: `row ${row + 1} of ${predictions.length}` });
      const copies = takeOf(rows, new Int32Array(samples).fill(row));
      const scale = noise * rangeOf(prepared.data.subarray(row * width, (row + 1) * width));
      const drawn = normalNoise(copies.inputs.shape, scale, seed, row);
      const { slopes: found } = await slopes.at(copies, drawn);
      for (let i = 0; i < found.data.length; i++) {
        values.data[row * width + (i % width)]! += (found.data[i]! as number) / samples;
      }
    }
    return { values, predictions };
  } finally {
    slopes.free();
  }
}

function rangeOf(values: ArrayLike<number | bigint>): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, Number(values[i]!));
    high = Math.max(high, Number(values[i]!));
  }
  return high - low;
}

/** Normal numbers by Box and Muller, in pairs. */
function normalNoise(shape: readonly number[], scale: number, seed: number, row: number): HostArray {
  const noise = zeros(shape, "f64");
  const random = randomFrom(randomKey(seed), "smoothGrad", row);
  for (let i = 0; i < noise.data.length; i += 2) {
    const radius = scale * Math.sqrt(-2 * Math.log(1 - random.uniform()));
    const angle = 2 * Math.PI * random.uniform();
    noise.data[i] = radius * Math.cos(angle);
    if (i + 1 < noise.data.length) noise.data[i + 1] = radius * Math.sin(angle);
  }
  return noise;
}
