// Searches that draw: a point of the unit cube for each trial, in an order in which a longer list begins with a shorter one.
import { sobolPoints } from "@hooke/data";
import { checkArgument, checkOptions, checks, foldHost, randomKey, threefryWords } from "@hooke/runtime";
import { type Drawn, drawnAt, type Space, spaceCheck } from "./space.ts";

/** Options of {@link randomTrials} and {@link sobolTrials}. */
export interface SearchOptions {
  /** How many trials. */
  readonly count: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Independent draws. With a larger count more trials follow the same ones.
 *
 * @throws on a space that is none
 * @example
 * ```ts
 * import { randomTrials, range } from "@hooke/sweep";
 *
 * const space = { learningRate: range(1e-4, 1e-1, { scale: "logarithmic" }), units: range(4, 64, { whole: true }), activation: ["tanh", "relu"] };
 * const trials = randomTrials(space, { count: 20 });
 * console.log(trials.length, trials.every(({ units }) => units >= 4 && units <= 64)); // 20 true
 * ```
 */
export function randomTrials<const S extends Space>(space: S, options: SearchOptions): Drawn<S>[] {
  const { count, seed } = checked("randomTrials", space, options);
  const axes = Object.keys(space).length;
  return Array.from({ length: count }, (_, trial) => {
    const words = threefryWords(foldHost(randomKey(seed), trial).data, axes);
    return drawnAt(
      space,
      Float64Array.from(words, (word) => word * 2 ** -32),
    );
  });
}

/**
 * Points of the sequence of Sobol, its digits shifted by the seed: they leave smaller gaps than independent draws, and counts that are powers
 * of 2 divide every range evenly. With a larger count more trials follow the same ones.
 *
 * @throws on a space that is none, or of more than 16 parameters
 */
export function sobolTrials<const S extends Space>(space: S, options: SearchOptions): Drawn<S>[] {
  const { count, seed } = checked("sobolTrials", space, options);
  const axes = Object.keys(space).length;
  const points = sobolPoints("sobolTrials", randomKey(seed), count, axes, "Use randomTrials.");
  return Array.from({ length: count }, (_, trial) => drawnAt(space, points.subarray(trial * axes, (trial + 1) * axes)));
}

function checked(who: string, space: Space, options: SearchOptions): Required<SearchOptions> {
  checkArgument(who, "the space", space, spaceCheck);
  checkOptions<SearchOptions>(who, options, {
    required: { count: checks.count },
    optional: { seed: checks.wholeNumber },
  });
  return { seed: 0, ...options };
}
