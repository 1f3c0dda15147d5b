// Exact Shapley values: over all subsets of the inputs.
import type { Fitted } from "@hooke/baselines";
import type { Dataset, Table } from "@hooke/data";
import { fail, type HostArray } from "@hooke/runtime";
import type { ExplainProgress } from "../model/options.ts";
import type { AnyModel } from "../model/predictor.ts";
import type { ArrayGameOptions } from "./array-game.ts";
import type { Coalitions, Game, Shapley } from "./game.ts";
import { playedOf } from "./play.ts";
import type { TableGameOptions } from "./table-game.ts";

/** More inputs have more subsets than anybody waits for. */
const mostInputs = 15;

interface Progress {
  readonly onProgress?: (progress: ExplainProgress) => void;
}

/** Options of {@link exactShapley} for networks and functions. */
export interface ExactShapleyOptions extends ArrayGameOptions, Progress {}

/** Options of {@link exactShapley} for fitted methods. */
export interface ExactTableShapleyOptions extends TableGameOptions, Progress {}

/**
 * Exact Shapley values (Shapley 1953; Strumbelj and Kononenko 2010): the share of each input in a prediction, the mean of what it changes over
 * all orders in which inputs become known. Inputs that are not known have the values of the background, row by row, so that correlations
 * between them are broken (interventional). For `n` inputs, or groups of them, it asks for `2^n` predictions for each row of the background:
 * up to 15. Of trees `treeShap` with `kind: "interventional"` gives the same numbers in a fraction of the time.
 *
 * @param model a fitted method and a table, or a network or a function and `[rows, ...]` in the units of the data
 * @param options `background` is needed, of a network `backend`, too. Defaults: the only output, each input by itself
 * @returns in the unit of the prediction; of the classes of a fitted method in probability, of a network's in what it gives
 * @throws on more than 15 inputs, on an empty background, on inputs, outputs and parts that there are not; the signal's reason if it is aborted
 * @example
 * ```ts
 * import { ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 * import { exactShapley } from "@hooke/explain";
 *
 * const load = [1, 2, 3, 4];
 * const table = tableOf({ load, hour: [3, 1, 4, 2], strain: load.map((x) => 2 * x) });
 * const fitted = await ridge({ penalty: 0 }).fit(table, "strain");
 * const { inputs, values, base } = await exactShapley(fitted, tableOf({ load: [10], hour: [1] }), { background: table });
 * console.log(inputs, Array.from(values, Math.round), base); // [ 'load', 'hour' ] [ 15, 0 ] 5
 * ```
 */
export function exactShapley(model: Fitted, data: Table, options: ExactTableShapleyOptions): Promise<Shapley>;
export function exactShapley(
  model: AnyModel,
  data: HostArray | Dataset,
  options: ExactShapleyOptions,
): Promise<Shapley>;
export async function exactShapley(model: unknown, data: unknown, options: unknown): Promise<Shapley> {
  const who = "exactShapley";
  return playedOf(who, model, data, options, {}, ({ players }) => {
    const count = players.length;
    if (count > mostInputs) {
      fail(
        who,
        `received ${count} inputs, which have 2^${count} subsets; it takes up to ${mostInputs}: put some together, or take kernelShapley.`,
        "unsupported",
      );
    }
    const all = subsetsOf(count);
    return (game, row) => sharesOf(game, row, all);
  });
}

/** All subsets; the players of subset `i` are the bits of `i`. */
const subsetsOf = (players: number): Coalitions => ({
  count: 2 ** players,
  members: Uint8Array.from(
    { length: players * 2 ** players },
    (_, i) => (Math.floor(i / players) >> (i % players)) & 1,
  ),
});

async function sharesOf(game: Game, row: number, all: Coalitions) {
  const { length: count } = game.players;
  const worth = await game.worth(row, all);
  // |S|! (n - |S| - 1)! / n!, by the size of S.
  const weights = [1 / count];
  for (let size = 1; size < count; size++) weights.push((weights[size - 1]! * size) / (count - size));
  const shares = new Float64Array(count);
  for (let subset = 0; subset < all.count; subset++) {
    let size = 0;
    for (let i = 0; i < count; i++) size += (subset >> i) & 1;
    for (let i = 0; i < count; i++) {
      if ((subset >> i) & 1) continue;
      shares[i]! += weights[size]! * (worth[subset | (1 << i)]! - worth[subset]!);
    }
  }
  return { shares, base: worth[0]!, prediction: worth.at(-1)! };
}
