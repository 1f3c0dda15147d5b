// Attention rollout: how much of each position of the input reaches each position of the last layer, by attention and the ways around it.
import { allAttentionWeights } from "@hooke/attention";
import { apply, precisionOf, type TrainedModel } from "@hooke/core";
import { type Dataset, inPrecision, lengthsOf, preprocessInputs } from "@hooke/data";
import {
  checkOptions,
  checks,
  describe,
  fail,
  type HostArray,
  mean,
  type Tensor,
  type Tree,
  zeros,
} from "@hooke/runtime";
import { createBatched } from "../model/batched.ts";
import { checkNetwork, runChecks } from "../model/checks.ts";
import type { ExplainOptions } from "../model/options.ts";
import { type Rows, rowsOf } from "../model/rows.ts";

/** Options of {@link attentionRollout}. */
export interface AttentionRolloutOptions extends Omit<ExplainOptions, "output"> {
  /** What a layer keeps of its input by the way around the attention, from 0 to below 1. Default 0.5. */
  readonly residual?: number;
}

/** What {@link attentionRollout} finds. */
export interface AttentionRollout {
  /** `[rows, positions, positions]`, f64: of each position of the last layer, the shares of those of the first; they add up to 1. */
  readonly values: HostArray;
  /** `[rows, positions]`, f64: the mean over positions of the last layer that count, as where these are averaged. */
  readonly mean: HostArray;
}

/**
 * Attention rollout (Abnar and Zuidema, ACL 2020): the weights of each layer, averaged over heads, mixed with the identity for the way
 * around it, and multiplied from the first layer to the last. It says what the layers looked at, not what they made of it: it knows no
 * output and no sign, and is the same for every output.
 *
 * A class token is position 0. Positions behind the end of a sequence have no share.
 *
 * @param data `[rows, positions, features]` in the units of the data, or a dataset
 * @param options `backend` is needed. Defaults: `residual` 0.5, batches of 64
 * @throws on a model without attention layers, or whose layers attend to something else than their own positions
 * @example
 * ```ts
 * import { multiHeadAttention } from "@hooke/attention";
 * import { initialize } from "@hooke/core";
 * import { attentionRollout } from "@hooke/explain";
 * import { referenceBackend, zeros } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const layer = multiHeadAttention({ units: 4, heads: 2 });
 * const model = { layer, inputShape: [5, 4], variables: await initialize(backend, layer, [5, 4], 0) };
 * const { mean } = await attentionRollout(model, zeros([1, 5, 4]), { backend });
 * console.log(Array.from(mean.data, (share) => Number(share).toFixed(2)).join(" ")); // 0.20 0.20 0.20 0.20 0.20
 * ```
 */
export async function attentionRollout(
  model: TrainedModel,
  data: HostArray | Dataset,
  options: AttentionRolloutOptions,
): Promise<AttentionRollout> {
  const who = "attentionRollout";
  checkNetwork(who, model);
  const { output: _, ...others } = runChecks;
  checkOptions<AttentionRolloutOptions>(who, options, {
    required: { backend: checks.backend },
    optional: { ...others, residual: checks.fraction },
  });
  const { residual = 0.5, extras: given } = options;
  const { layer, variables, preprocessing } = model;
  const rows = rowsOf(who, model, data, given);
  if (Object.hasOwn(rows.extras, "memory")) {
    fail(
      who,
      "received the extra memory; it explains layers that attend to the positions of their own input.",
      "unsupported",
    );
  }
  const batched = createBatched(model, options, (variables, x, extras) => {
    const { reports } = apply(layer, variables, x, { extras });
    const layers = [...allAttentionWeights(reports as Tree<Tensor>).values()];
    if (layers.length === 0) {
      fail(
        who,
        `no layer of the model (${layer.type}) reports attention weights; it explains those of @hooke/attention. Use integratedGradients or occlusion.`,
        "unsupported",
      );
    }
    return Object.fromEntries(layers.map((weights, i) => [String(i), overHeads(who, weights, layers[0]!)]));
  });
  try {
    const prepared = preprocessing === undefined ? rows.inputs : preprocessInputs(preprocessing, rows.inputs);
    const found = await batched.run({ ...rows, inputs: inPrecision(prepared, precisionOf(variables), who) });
    const values = Object.keys(found)
      .sort((a, b) => Number(a) - Number(b))
      .reduce<HostArray | undefined>((before, name) => rolled(found[name]!, before, residual), undefined)!;
    return { values, mean: meanOf(values, rows) };
  } finally {
    batched.free();
  }
}

/** `[batch, positions, positions]`. @throws where keys are not the positions themselves, and where their number changes */
function overHeads(who: string, weights: Tensor, first: Tensor): Tensor {
  const { shape, rank } = weights;
  if (shape.at(-1) !== shape.at(-2) || shape.at(-1) !== first.shape.at(-1)) {
    fail(
      who,
      `an attention layer has weights ${describe(weights)}, the first one ${describe(first)}; it explains layers that attend to the positions of their own input.`,
      "unsupported",
    );
  }
  return rank === 4 ? mean(weights, { axes: 1 }) : weights;
}

/** One layer more: its weights, with the way around them, after those before. Rows of a query that sees nothing keep to themselves. */
function rolled({ shape, data }: HostArray, before: HostArray | undefined, residual: number): HostArray {
  const [rows, count] = shape as [number, number];
  const values = zeros(shape, "f64");
  for (let row = 0; row < rows; row++) {
    const at = (query: number, key: number): number => (row * count + query) * count + key;
    for (let query = 0; query < count; query++) {
      let total = 0;
      for (let key = 0; key < count; key++) total += Number(data[at(query, key)]!);
      for (let through = 0; through < count; through++) {
        const attended = total === 0 ? 0 : ((1 - residual) * Number(data[at(query, through)]!)) / total;
        const share = attended + (through === query ? (total === 0 ? 1 : residual) : 0);
        if (before === undefined) values.data[at(query, through)] = share;
        else if (share !== 0) {
          for (let key = 0; key < count; key++)
            values.data[at(query, key)]! += share * Number(before.data[at(through, key)]!);
        }
      }
    }
  }
  return values;
}

/** Of queries before the end of a sequence; a class token stands before all of them. */
function meanOf({ shape, data }: HostArray, { inputs, extras }: Rows): HostArray {
  const [rows, count] = shape as [number, number];
  const all = zeros([rows, count], "f64");
  const tokens = count - inputs.shape[1]!;
  for (let row = 0; row < rows; row++) {
    const queries = Number(lengthsOf(extras)?.data[row] ?? inputs.shape[1]!) + tokens;
    for (let i = 0; i < queries * count; i++) {
      all.data[row * count + (i % count)]! += Number(data[row * count ** 2 + i]!) / queries;
    }
  }
  return all;
}
