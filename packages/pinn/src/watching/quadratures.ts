import { foldHost, type HostArray } from "@hooke/runtime";
import { type EnergySum, sumOfEnergies } from "../energies.ts";
import type { Evaluator, Sets } from "../evaluator.ts";
import type { FieldScales, Parameters } from "../model.ts";
import type { Problem } from "../problem.ts";
import { drawAll } from "../resampling/refresh.ts";
import type { SolveState } from "../state.ts";
import { formatted } from "../table.ts";
import type { Sound } from "./remembered.ts";
import type { Watcher } from "./watcher.ts";

/** Steps after which quadratures are compared, and drawn anew, at the latest; and the fewest, to which they shrink where a network hides jumps. */
const [compareEvery, shortest] = [100, 10];

/** Watches the energies of a problem. */
export function watchQuadratures(problem: Problem, evaluator: Evaluator): Watcher {
  return {
    next: (_, { round, sound }) => round.from + sound!.span,
    begin: (state, again) => {
      const { method, sound } = state;
      const span = spanAfter(sound?.span, again);
      return { ...state, sound: method === undefined ? { span, gaps: [] } : { ...sound!, method, span } };
    },
    look: async ({ done, state, parameters, sets, key }) => {
      const { round, rounds, scales, sound } = state;
      if (done <= round.from || done < round.until) return { state };
      const own = foldHost(foldHost(key, "compare"), rounds);
      const found = await compare(problem, evaluator, parameters, scales.fields, sets, own, sound!);
      if (found.parted === undefined) {
        return { state: { ...state, sound: { ...sound!, gaps: [...sound!.gaps, found.gap], energy: found.energy } } };
      }
      const to = wentBack(state, sound!);
      const words = `${found.parted} It went back to step ${to.method?.numbers.iterations ?? 0}, where they agreed.`;
      const again = spanAfter(sound!.span, true) >= shortest;
      return { state, back: { to, again, words, warned: found.visible, counted: to.method } };
    },
  };
}

/** Half of the last round where it was taken back, else up to twice as long. */
const spanAfter = (last: number | undefined, again: boolean): number =>
  again ? Math.floor(last! / 2) : Math.min(compareEvery, 2 * (last ?? compareEvery));

/** The state where the round began. What it took counts. */
function wentBack({ method: spent, ...rest }: SolveState, { method }: Sound): SolveState {
  if (method === undefined) return rest;
  return { ...rest, method: { ...method, numbers: { ...method.numbers, evaluations: spent!.numbers.evaluations! } } };
}

/** How many quadratures are drawn for a comparison. */
const draws = 4;

/** The energy by quadratures of points that are drawn for this comparison alone. */
async function byOthers(
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  scales: FieldScales,
  key: HostArray,
): Promise<readonly EnergySum[]> {
  const found: EnergySum[] = [];
  for (let i = 0; i < draws; i++) {
    const sets = drawAll(problem, foldHost(key, i));
    found.push(sumOfEnergies(problem, await evaluator.residuals(parameters, scales, sets), sets));
  }
  return found;
}

/** Quadratures that differ by more than this part of the energies, and so many standard deviations, have parted. */
const [part, deviations] = [1e-3, 4];

/** So many rounds tell how far quadratures are apart where nothing is hidden; so many times as far, and further than what a round gained, they have parted. */
const [rounds, times] = [3, 10];

/** Energies are flat where they are least: of a difference of this part, fields show the root. */
const noticed = 1e-5;

/** What a comparison of quadratures says. */
interface Comparison {
  /** The largest difference between the quadrature of the training and others. */
  readonly gap: number;
  /** The mean by others. */
  readonly energy: number;
  /** Says in words that they have parted. */
  readonly parted?: string;
  /** Whether fields may show it. */
  readonly visible: boolean;
}

/**
 * Compares the quadrature of a round with others. That they part must be noticed at once: a jump that has become narrow is missed by most quadratures, and the
 * energy by them is then as wrong as that of the training.
 */
async function compare(
  problem: Problem,
  evaluator: Evaluator,
  parameters: Parameters,
  scales: FieldScales,
  sets: Sets,
  key: HostArray,
  { gaps, energy: before = Number.POSITIVE_INFINITY }: Sound,
): Promise<Comparison> {
  const own = sumOfEnergies(problem, await evaluator.residuals(parameters, scales, sets), sets);
  const others = await byOthers(problem, evaluator, parameters, scales, key);
  const energy = others.reduce((sum, { total }) => sum + total, 0) / others.length;
  const [farthest] = others.toSorted((a, b) => Math.abs(b.total - own.total) - Math.abs(a.total - own.total));
  const gap = Math.abs(farthest!.total - own.total);
  const chance = deviations * Math.SQRT2 * own.chance;
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const large = gap > part * Math.min(own.size, farthest!.size) + chance;
  const grown = gaps.length >= rounds && gap > times * usual + chance && gap > before - energy;
  const visible = gap > noticed * Math.min(own.size, farthest!.size);
  if (!large && !grown) return { gap, energy, visible };
  const words = `The energy was ${formatted(own.total)} by its quadrature, and ${formatted(gap)} away by another.`;
  return { gap, energy, visible, parted: words };
}
