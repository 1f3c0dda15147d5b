// Playing the games of all rows, whatever the model.
import { datasetCheck, hostArrayCheck, tableCheck } from "@hooke/data";
import { type Check, checkOptions, checks } from "@hooke/runtime";
import { isFitted, listenerCheck, runChecks } from "../model/checks.ts";
import type { ExplainProgress } from "../model/options.ts";
import type { AnyModel } from "../model/predictor.ts";
import { type ArrayGameOptions, arrayGame } from "./array-game.ts";
import type { Game, Shapley } from "./game.ts";
import { type TableGameOptions, tableGame } from "./table-game.ts";

const backgroundCheck: Check = (value) =>
  hostArrayCheck(value) === undefined || datasetCheck(value) === undefined
    ? undefined
    : "rows of training: an array [rows, ...], or a dataset in memory";

/** Shares of a row, and what they add up from and to. */
export interface Shares {
  readonly shares: Float64Array;
  readonly base: number;
  readonly prediction: number;
}

/** What finds the shares of a row. */
export type Solver = (game: Game, row: number) => Promise<Shares>;

/**
 * @param own checks of options beside those of games
 * @param solverFor is asked once, before any row is
 */
export async function playedOf(
  who: string,
  model: unknown,
  data: unknown,
  options: unknown,
  own: Readonly<Record<string, Check>>,
  solverFor: (game: Game) => Solver,
): Promise<Shapley> {
  const game = gameOf(who, model, data, options, own);
  const { onProgress } = options as { readonly onProgress?: (progress: ExplainProgress) => void };
  try {
    const solve = solverFor(game);
    const { rows, players } = game;
    const values = new Float64Array(rows * players.length);
    const predictions = new Float64Array(rows);
    let base = 0;
    for (let row = 0; row < rows; row++) {
      onProgress?.({ fraction: row / rows, text: `row ${row + 1} of ${rows}` });
      const found = await solve(game, row);
      values.set(found.shares, row * players.length);
      predictions[row] = found.prediction;
      ({ base } = found);
    }
    return { inputs: players, base, values, predictions };
  } finally {
    game.free();
  }
}

function gameOf(
  who: string,
  model: unknown,
  data: unknown,
  options: unknown,
  own: Readonly<Record<string, Check>>,
): Game {
  const shared = { signal: checks.signal, onProgress: listenerCheck, ...own };
  if (isFitted(model)) {
    checkOptions<TableGameOptions>(who, options, {
      required: { background: tableCheck },
      optional: {
        together: (value) =>
          Array.isArray(value) && value.every((names) => Array.isArray(names) && names.length > 0)
            ? undefined
            : 'lists of inputs, such as [["carbon", "nitrogen"]]',
        output: (value) => (typeof value === "string" ? undefined : "the name of a class"),
        ...shared,
      },
    });
    return tableGame(who, model, data as never, options as TableGameOptions);
  }
  checkOptions<ArrayGameOptions>(who, options, {
    required: { background: backgroundCheck },
    optional: { ...runChecks, backend: checks.backend, parts: hostArrayCheck, ...shared },
  });
  return arrayGame(who, model as AnyModel, data as never, options as ArrayGameOptions);
}
