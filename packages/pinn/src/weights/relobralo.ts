// Relative loss balancing with random lookback.
import { checkOptions, checks } from "@hooke/runtime";
import { unitNumbers } from "../points/sampler.ts";
import { checkSquares, meanSquare, type Weighting } from "./weighting.ts";

/** Options of {@link relobralo}. */
export interface RelobraloOptions {
  /** Iterations between updates. Default 100. */
  readonly every?: number;
  /** How much of the last weights stays after one iteration, from 0 to below 1; after `every` of them, its power. Default 0.999. */
  readonly memory?: number;
  /** How probable it is, at one iteration, that it does not look back to the start; at an update, its power. Default 0.999. */
  readonly lookback?: number;
  /** How much it evens out: at many all terms count the same, near 0 only the one that has fallen least. Default 0.1. */
  readonly temperature?: number;
}

type Losses = Readonly<Record<string, number>>;

/**
 * Gives weight to terms whose squares have fallen least, since the last update and, now and then, since the start: relative loss balancing with
 * random lookback (Bischof and Kraus 2021). The weights of all terms have the mean 1. It begins with 1 for all.
 *
 * @throws on an option it does not have; from `solve`, if a term is an energy
 * @example
 * ```ts
 * import { relobralo } from "@hooke/pinn";
 *
 * console.log(relobralo({ temperature: 1 }).name); // relobralo
 * ```
 */
export function relobralo(options: RelobraloOptions = {}): Weighting {
  checkOptions<RelobraloOptions>("relobralo", options, {
    optional: { every: checks.count, memory: checks.fraction, lookback: checks.fraction, temperature: checks.positive },
  });
  const { every = 100, memory = 0.999, lookback = 0.999, temperature = 0.1 } = options;
  const [kept, near] = [memory ** every, lookback ** every];
  return {
    name: "relobralo",
    every,
    update: async (view, before) => {
      checkSquares("relobralo", view);
      const residuals = Object.entries(await view.residuals());
      const now: Losses = Object.fromEntries(residuals.map(([term, components]) => [term, meanSquare(components)]));
      if (before.memory === undefined) {
        const ones = Object.fromEntries(Object.keys(now).map((term) => [term, 1]));
        return { weights: ones, memory: { start: now, last: now } };
      }
      const { start, last } = before.memory as { readonly start: Losses; readonly last: Losses };
      const sinceLast = shares(now, last, temperature);
      const [u] = unitNumbers(view.key, 1);
      const history = u! < near ? (before.weights as Losses) : shares(now, start, temperature);
      const weights = Object.fromEntries(
        Object.keys(now).map((term) => [term, kept * history[term]! + (1 - kept) * sinceLast[term]!]),
      );
      return { weights, memory: { start, last: now } };
    },
  };
}

/** How little each loss has fallen beside the others: a softmax, times the number of terms. */
function shares(now: Losses, then: Losses, temperature: number): Losses {
  const terms = Object.keys(now);
  // One that was 0 has not fallen, nor need it.
  const ratios = terms.map((term) => (then[term]! > 0 ? now[term]! / then[term]! : 0) / temperature);
  const most = Math.max(...ratios);
  const powers = ratios.map((ratio) => Math.exp(ratio - most));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return Object.fromEntries(terms.map((term, i) => [term, (terms.length * powers[i]!) / total]));
}
