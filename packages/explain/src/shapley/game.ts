// The game that Shapley values share out: what is predicted of a row where only some of its inputs are known.
import { fail } from "@hooke/runtime";

/** Sets of players: `[count, players]`, row by row, 1 where a player is in. */
export interface Coalitions {
  readonly count: number;
  readonly members: Uint8Array;
}

/** A game for each row. */
export interface Game {
  /** Names of inputs, or of groups of them. */
  readonly players: readonly string[];
  readonly rows: number;
  /** What each coalition is worth to a row: the mean prediction where the others have the values of the background. */
  worth(row: number, coalitions: Coalitions): Promise<Float64Array>;
  free(): void;
}

/** What Shapley values are found. */
export interface Shapley {
  /** Names of inputs, or of groups of them, in the order of the shares. */
  readonly inputs: readonly string[];
  /** The mean prediction of the background. */
  readonly base: number;
  /** `[rows, inputs]`: with the base they add up to the predictions, in their unit. */
  readonly values: Float64Array;
  readonly predictions: Float64Array;
}

/** Predictions that are asked for at a time. */
export const together = 4096;

/** Coalitions of all players and of none. */
export const endsOf = (players: number): Coalitions => ({
  count: 2,
  members: Uint8Array.from({ length: 2 * players }, (_, i) => (i < players ? 0 : 1)),
});

/** What stands for inputs that are not known. @throws where there is none */
export function checkBackground(who: string, rows: number): void {
  if (rows > 0) return;
  fail(
    who,
    "the background has no rows; give some 100 rows of training, which stand for inputs that are not known.",
    "invalid-data",
  );
}

/** Runs of coalitions whose predictions fit together, each with `background` rows. */
export function* partsOf(
  { count, members }: Coalitions,
  background: number,
): Generator<{ readonly from: number; readonly part: Coalitions }> {
  const players = members.length / count;
  const most = Math.max(1, Math.floor(together / background));
  for (let from = 0; from < count; from += most) {
    const to = Math.min(count, from + most);
    yield { from, part: { count: to - from, members: members.subarray(from * players, to * players) } };
  }
}

/** Means of `background` predictions each. */
export function meansOf(predictions: Float64Array, background: number, into: Float64Array): void {
  for (const [i, value] of predictions.entries()) into[Math.floor(i / background)]! += value / background;
}
