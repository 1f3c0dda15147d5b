// Causal weights: what is later counts only once what is earlier is solved.
import { type Check, checkOptions, checks, fail, quoted } from "@hooke/runtime";
import { time } from "../domains/domain.ts";
import { checkSquares, meanSquare, type Weighting, type WeightingView } from "./weighting.ts";

/** Options of {@link causal}. */
export interface CausalOptions {
  /** The coordinate in whose direction causes have effects, from its lowest value. Default `"t"`. */
  readonly coordinate?: string;
  /** Into how many chunks of the same length its range is cut. Default 32. */
  readonly chunks?: number;
  /**
   * How strictly what is earlier comes first: a number, or several, each of which holds until all weights are above 0.99. Default
   * `[0.01, 0.1, 1, 10, 100]`.
   */
  readonly tolerance?: number | readonly number[];
  /** Iterations between updates. Default 100. */
  readonly every?: number;
}

/** Weights that are all above this are those of a problem that is solved as strictly as the tolerance asks. */
const solved = 0.99;

const nameCheck: Check = (value) =>
  typeof value === "string" && value !== "" ? undefined : 'the name of a coordinate, such as "t"';
const toleranceCheck: Check = (value) =>
  [value].flat().length > 0 && [value].flat().every((one) => checks.positive(one) === undefined)
    ? undefined
    : "a number above 0, or several such as [0.01, 0.1, 1]";

/**
 * Weighs points by time: those of chunk `i` by `exp(-tolerance * sum of the mean squares of all earlier chunks)`, all terms together, each in terms
 * of its scale (Wang, Sankaran and Perdikaris 2022). So a solution grows from its start, instead of settling on one that has forgotten it. A
 * term at the lowest value alone, an initial condition, comes before all chunks and keeps the weight 1.
 *
 * @throws on an option it does not have; from `solve`, if a term is an energy, or there is no such coordinate
 * @example
 * ```ts
 * import { causal } from "@hooke/pinn";
 *
 * console.log(causal({ coordinate: "t", chunks: 16, tolerance: [0.1, 1, 10] }).name); // causal
 * ```
 */
export function causal(options: CausalOptions = {}): Weighting {
  checkOptions<CausalOptions>("causal", options, {
    optional: { coordinate: nameCheck, chunks: checks.count, tolerance: toleranceCheck, every: checks.count },
  });
  const { coordinate = time, chunks = 32, tolerance = [0.01, 0.1, 1, 10, 100], every = 100 } = options;
  const tolerances = [tolerance].flat();
  return {
    name: "causal",
    every,
    update: async (view, before) => {
      checkSquares("causal", view);
      const chunkOf = chunksIn(view, coordinate, chunks);
      const earlier = await earlierLosses(view, chunkOf, chunks);
      const factors = (at: number): Float64Array => earlier.map((loss) => Math.exp(-tolerances[at]! * loss));
      const last = ((before.memory ?? { level: 0 }) as { readonly level: number }).level;
      const done = before.memory !== undefined && factors(last).every((factor) => factor > solved);
      const level = done ? Math.min(last + 1, tolerances.length - 1) : last;
      const weights = factors(level);
      return {
        weights: Object.fromEntries(
          Object.entries(chunkOf).flatMap(([term, at]) =>
            at === undefined ? [] : [[term, Float64Array.from(at, (chunk) => weights[chunk]!)]],
          ),
        ),
        memory: { level },
      };
    },
  };
}

/** By term: the chunks of its points, or undefined where all are at the start. */
function chunksIn(view: WeightingView, name: string, chunks: number): Record<string, readonly number[] | undefined> {
  const range = view.bounds[name];
  if (range === undefined) {
    return fail(
      "causal",
      `has the coordinate ${quoted([name])}; those of the domain are ${quoted(Object.keys(view.bounds))}.`,
    );
  }
  const [low, high] = range;
  return Object.fromEntries(
    Object.entries(view.coordinate(name)).map(([term, values]) => {
      if (values.every((value) => value === low)) return [term, undefined];
      const at = Array.from(values, (value) => Math.floor((chunks * (value - low)) / (high - low)));
      return [term, at.map((chunk) => Math.min(Math.max(chunk, 0), chunks - 1))];
    }),
  );
}

/** By chunk: the sum of the mean squares of what comes before it. */
async function earlierLosses(
  view: WeightingView,
  chunkOf: Readonly<Record<string, readonly number[] | undefined>>,
  chunks: number,
): Promise<Float64Array> {
  const losses = new Float64Array(chunks);
  let sum = 0;
  for (const [term, components] of Object.entries(await view.residuals())) {
    const at = chunkOf[term];
    if (at === undefined) {
      sum += meanSquare(components);
      continue;
    }
    const members = Array.from({ length: chunks }, (): number[] => []);
    for (const [i, chunk] of at.entries()) members[chunk]!.push(i);
    for (const [chunk, points] of members.entries()) losses[chunk]! += meanSquare(components, points);
  }
  return losses.map((loss) => {
    const before = sum;
    sum += loss;
    return before;
  });
}
