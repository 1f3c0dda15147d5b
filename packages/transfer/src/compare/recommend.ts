// Which method to take: the simplest of those that are as good as the best.
import { studentQuantile } from "@hooke/minimize";
import { checkArgument, checkOptions, checks, fail } from "@hooke/runtime";

/** A method and how well it did. */
export interface Method {
  readonly name: string;
  /** One score for each seed or fold, in the same order for every method. */
  readonly scores: readonly number[];
}

/** Options of {@link recommend}. */
export interface RecommendOptions {
  /** From the simplest to the most elaborate. */
  readonly methods: readonly Method[];
  /** Whether larger scores are better. Default `"maximize"`. */
  readonly direction?: "maximize" | "minimize";
}

/** What {@link recommend} says. */
export interface Recommendation {
  /** The simplest method that ties with the best. */
  readonly name: string;
  /** The method with the best mean. */
  readonly best: string;
  /** The methods that tie with the best, it included, simplest first. */
  readonly tied: readonly string[];
  /** Why, in a sentence. */
  readonly reason: string;
}

/**
 * Recommends the simplest of the methods that tie with the best. A method ties where the 95 % interval of the mean of its paired differences from
 * the best, by Student's t, holds 0. Folds and seeds share data, so that such an interval is too narrow if anything: a tie is called
 * too rarely, never too often.
 *
 * @throws on fewer than two scores a method, on different numbers of them, and on scores that are not finite
 * @example
 * ```ts
 * import { recommend } from "@hooke/transfer";
 *
 * const { name } = recommend({
 *   methods: [
 *     { name: "two-point statistics", scores: [0.81, 0.79, 0.83] },
 *     { name: "probe", scores: [0.93, 0.95, 0.94] },
 *     { name: "fine-tuned", scores: [0.94, 0.94, 0.95] },
 *   ],
 * });
 * console.log(name); // probe
 * ```
 */
export function recommend(options: RecommendOptions): Recommendation {
  checkOptions<RecommendOptions>("recommend", options, {
    required: { methods: checks.list },
    optional: { direction: (value) => checks.oneOf(value, ["maximize", "minimize"]) },
  });
  const { methods, direction = "maximize" } = options;
  const [first] = methods;
  if (first === undefined) return fail("recommend", "received no methods; give at least one.");
  for (const { name, scores } of methods) {
    checkArgument("recommend", `the scores of "${name}"`, scores, (value) =>
      Array.isArray(value) && value.length >= 2 && value.length === first.scores.length && value.every(Number.isFinite)
        ? undefined
        : `finite numbers, as many as "${first.name}" has, two at least`,
    );
  }
  const sign = direction === "maximize" ? 1 : -1;
  const best = methods.reduce((a, b) => (sign * (meanOf(b.scores) - meanOf(a.scores)) > 0 ? b : a));
  const tied = methods.filter((method) => method === best || ties(method.scores, best.scores, sign));
  const { name } = tied[0]!;
  const { length: times } = first.scores;
  const others =
    tied.length > 1 ? `${tied.map((method) => `"${method.name}"`).join(", ")} tie` : `"${name}" has no equal`;
  const reason =
    `Over ${times} paired scores ${others}: the 95 % interval of mean paired differences from the best, "${best.name}"` +
    `${tied.length > 1 ? ", holds 0; the simplest is" : ", holds 0 for no other; that is"} "${name}".`;
  return { name, best: best.name, tied: tied.map((method) => method.name), reason };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function ties(scores: readonly number[], best: readonly number[], sign: number): boolean {
  const differences = best.map((value, i) => sign * (value - scores[i]!));
  const mean = meanOf(differences);
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (differences.length - 1);
  return mean <= studentQuantile(0.95, differences.length - 1) * Math.sqrt(variance / differences.length);
}
