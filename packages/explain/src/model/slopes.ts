// Predictions of a network and their slopes in its inputs, both in the units of the data.
import { apply, precisionOf, type TrainedModel } from "@hooke/core";
import { inPrecision, inputSlopes, preprocessInputs, targetSlopes } from "@hooke/data";
import { fail, type HostArray, isFloat, sliceAxis, sum, type Tensor, valueAuxAndGrad, zeros } from "@hooke/runtime";
import { createBatched, type RunOptions } from "./batched.ts";
import { type Output, outputRows, placeOf, predictionsOf } from "./output.ts";
import type { Rows } from "./rows.ts";

export interface Sloped {
  /** A number a row. */
  readonly predictions: Float64Array;
  /** Of the prediction in each input, `[rows, ...]`, f64: units of the prediction for one of the input. */
  readonly slopes: HostArray;
}

export interface Slopes {
  /** @param noise added to the inputs after preprocessing. Default none */
  at(rows: Rows, noise?: HostArray): Promise<Sloped>;
  free(): void;
}

/** @throws on inputs without slopes, where it is asked about them */
export function createSlopes(
  who: string,
  model: TrainedModel,
  { output, ...options }: RunOptions & { readonly output?: Output | undefined },
): Slopes {
  const { layer, variables, preprocessing } = model;
  let place = 0;
  const batched = createBatched(model, options, (given, x, extras) => {
    const [, outputs, slopes] = valueAuxAndGrad((x: Tensor) => {
      const outputs = outputRows(who, apply(layer, given, x, { extras }).output);
      place = placeOf(who, model, output, outputs.shape[1]!);
      return [sum(sliceAxis(outputs, 1, place, place + 1)), outputs];
    })(x);
    return { outputs, slopes };
  });
  return {
    async at(rows, noise) {
      if (!isFloat(rows.inputs.dtype)) {
        const what = `received ${rows.inputs.dtype} inputs, which predictions have no slope in`;
        fail(
          who,
          `${what}; ask by predictions alone: occlusion, exactShapley, kernelShapley; of graphs nodeOcclusion.`,
          "unsupported",
        );
      }
      const prepared = preprocessing === undefined ? rows.inputs : preprocessInputs(preprocessing, rows.inputs);
      const inputs = inPrecision(noise === undefined ? prepared : sumOf(prepared, noise), precisionOf(variables), who);
      const found = await batched.run({ ...rows, inputs });
      const outputs = found.outputs!;
      const slopes = zeros(rows.inputs.shape, "f64");
      const stretch = preprocessing && inputSlopes(preprocessing, rows.inputs).data;
      const restore = preprocessing && targetSlopes(preprocessing, outputs).data;
      const width = slopes.data.length / slopes.shape[0]!;
      for (let i = 0; i < slopes.data.length; i++) {
        const row = Math.floor(i / width);
        const outer = restore === undefined ? 1 : restore[row * outputs.shape[1]! + place]!;
        slopes.data[i] = outer * found.slopes!.data[i]! * (stretch === undefined ? 1 : stretch[i]!);
      }
      return { predictions: predictionsOf(who, model, outputs, place), slopes };
    },
    free: () => batched.free(),
  };
}

function sumOf(a: HostArray, b: HostArray): HostArray {
  const all = zeros(a.shape, "f64");
  for (let i = 0; i < all.data.length; i++) all.data[i] = a.data[i]! + b.data[i]!;
  return all;
}
