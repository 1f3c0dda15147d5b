// Kernel Shapley values: estimated from some subsets of the inputs, for any number of them.
import type { Fitted } from "@hooke/baselines";
import type { Dataset, Table } from "@hooke/data";
import { checks, fail, type HostArray } from "@hooke/runtime";
import type { ExplainProgress } from "../model/options.ts";
import type { AnyModel } from "../model/predictor.ts";
import type { ArrayGameOptions } from "./array-game.ts";
import { drawnCoalitions } from "./drawn-coalitions.ts";
import { endsOf, type Game, type Shapley } from "./game.ts";
import { leastSquares } from "./normal-equations.ts";
import { playedOf } from "./play.ts";
import type { TableGameOptions } from "./table-game.ts";

interface Drawing {
  /** Subsets that are asked about. All of them, where there are not more: then values are exact. Default: 2048 and two for each input. */
  readonly samples?: number;
  /** Default 0. */
  readonly seed?: number;
  readonly onProgress?: (progress: ExplainProgress) => void;
}

/** Options of {@link kernelShapley} for networks and functions. */
export interface KernelShapleyOptions extends ArrayGameOptions, Drawing {}

/** Options of {@link kernelShapley} for fitted methods. */
export interface KernelTableShapleyOptions extends TableGameOptions, Drawing {}

/**
 * Kernel SHAP (Lundberg and Lee, NeurIPS 2017; paired subsets: Covert and Lee, AISTATS 2021): Shapley values as `exactShapley` defines them, by
 * weighted least squares over subsets of the inputs. Sizes of subsets whose members can all be asked about are, of the others some are drawn,
 * each with its complement. The shares add up to the prediction whatever is drawn.
 *
 * @param model a fitted method and a table, or a network or a function and `[rows, ...]` in the units of the data
 * @param options `background` is needed, of a network `backend`, too. Defaults: the only output, each input by itself, `seed` 0
 * @returns in the unit of the prediction; of the classes of a fitted method in probability, of a network's in what it gives
 * @throws on fewer samples than two for each input, on an empty background, on inputs, outputs and parts that there are not; the signal's
 *   reason if it is aborted
 * @example
 * ```ts
 * import { kernelShapley } from "@hooke/explain";
 * import { array, type HostArray } from "@hooke/runtime";
 *
 * const product = ({ shape, data }: HostArray) =>
 *   array(Array.from({ length: shape[0]! }, (_, row) => Number(data[2 * row]) * Number(data[2 * row + 1])));
 * const { values } = await kernelShapley(product, array([[3, 4]]), { background: array([[0, 0]]) });
 * console.log(Array.from(values)); // [ 6, 6 ]
 * ```
 */
export function kernelShapley(model: Fitted, data: Table, options: KernelTableShapleyOptions): Promise<Shapley>;
export function kernelShapley(
  model: AnyModel,
  data: HostArray | Dataset,
  options: KernelShapleyOptions,
): Promise<Shapley>;
export async function kernelShapley(model: unknown, data: unknown, options: unknown): Promise<Shapley> {
  const who = "kernelShapley";
  const own = { samples: checks.count, seed: checks.wholeNumber };
  return playedOf(who, model, data, options, own, ({ players }) => {
    const { samples = 2 * players.length + 2048, seed = 0 } = options as Drawing;
    return solverOf(who, players.length, samples, seed);
  });
}

/** With the share of the last player as what is left, values are ordinary least squares of the others: the same matrix for all rows. */
function solverOf(who: string, count: number, samples: number, seed: number) {
  if (count > 1 && samples < 2 * count) {
    fail(who, `received ${samples} samples for ${count} inputs; give two for each, at least.`);
  }
  const { coalitions, weights } = drawnCoalitions(count, samples, seed);
  const { members } = coalitions;
  const last = count - 1;
  const design = Float64Array.from({ length: coalitions.count * last }, (_, i) => {
    const from = Math.floor(i / last) * count;
    return members[from + (i % last)]! - members[from + last]!;
  });
  const solve = leastSquares(design, weights, last);
  if (solve === undefined) {
    fail(
      who,
      `${coalitions.count} subsets of ${count} inputs do not decide all shares; raise samples, or take another seed.`,
    );
  }
  return async (game: Game, row: number) => {
    const [base, prediction] = (await game.worth(row, endsOf(count))) as unknown as [number, number];
    const whole = prediction - base;
    if (count === 1) return { shares: Float64Array.of(whole), base, prediction };
    const worth = await game.worth(row, coalitions);
    const rest = worth.map((value, k) => value - base - members[k * count + last]! * whole);
    const own = solve(rest);
    const left = whole - own.reduce((sum, share) => sum + share, 0);
    return { shares: Float64Array.of(...own, left), base, prediction };
  };
}
