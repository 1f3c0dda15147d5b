// Random search: methods of one kind with options drawn from ranges and lists.
import { checkArgument, checkOptions, checks, randomKey, show } from "@hooke/runtime";
import type { Method } from "../method/method.ts";
import { type Random, randomFrom } from "../method/random.ts";

/** What an option is drawn from: a list of values, or a range, on a scale of logarithms if asked. */
export type Range<T> =
  | readonly T[]
  | (T extends number
      ? { readonly from: number; readonly to: number; readonly scale?: "log"; readonly whole?: boolean }
      : never);

/** Ranges by option. */
export type Space<O> = { readonly [K in keyof O]?: Range<NonNullable<O[K]>> };

/** Options of {@link randomSearch}. */
export interface RandomSearchOptions<O> {
  /** What options are drawn from. */
  readonly space: Space<O>;
  /** Options that are not drawn. Default none. */
  readonly fixed?: Partial<O>;
  /** How many methods. Default 20. */
  readonly count?: number;
  /** Default 0. */
  readonly seed?: number;
}

/**
 * Methods with options drawn at random (Bergstra and Bengio, JMLR 13, 2012), for `tuned({ among })`. The same seed draws the same ones.
 *
 * @example
 * ```ts
 * import { elasticNet, randomSearch } from "@hooke/baselines";
 *
 * const among = randomSearch(elasticNet, { space: { mixing: { from: 0.1, to: 1 } }, count: 3, seed: 1 });
 * console.log(among.length, among[0]!.method); // 3 elasticNet
 * ```
 */
export function randomSearch<O extends object>(
  method: ((options: O) => Method) & { readonly method: string },
  options: RandomSearchOptions<O>,
): Method[] {
  checkArgument("randomSearch", "the method", method, (value) =>
    typeof (value as { method?: unknown } | null)?.method === "string"
      ? undefined
      : "a kind of method, such as elasticNet",
  );
  checkOptions<RandomSearchOptions<O>>("randomSearch", options, {
    required: { space: spaceCheck },
    optional: {
      fixed: (value) => (typeof value === "object" && value !== null ? undefined : "options of the method"),
      count: checks.count,
      seed: checks.wholeNumber,
    },
  });
  const { space, fixed = {}, count = 20, seed = 0 } = options;
  const random = randomFrom(randomKey(seed), "randomSearch", method.method);
  return Array.from({ length: count }, () => {
    const drawn = Object.entries(space).map(([name, range]) => [name, draw(range as Range<unknown>, random)]);
    return method({ ...fixed, ...Object.fromEntries(drawn) } as O);
  });
}

function draw(range: Range<unknown> | Range<number>, random: Random): unknown {
  if (Array.isArray(range)) return range[random.below(range.length)];
  const { from, to, scale, whole } = range as Exclude<Range<number>, readonly number[]>;
  const share = random.uniform();
  const value = scale === "log" ? from * (to / from) ** share : from + share * (to - from);
  return whole === true ? Math.round(value) : value;
}

function spaceCheck(space: unknown): string | undefined {
  if (typeof space !== "object" || space === null)
    return "ranges by option, such as { penalty: { from: 0.01, to: 100 } }";
  for (const [name, range] of Object.entries(space)) {
    if (Array.isArray(range) ? range.length > 0 : isRange(range)) continue;
    return `for "${name}" a list of values, or { from, to } with from below to, above 0 on a log scale, where it is ${show(range)}`;
  }
  return undefined;
}

function isRange(range: unknown): boolean {
  const { from, to, scale } = (range ?? {}) as {
    readonly from?: unknown;
    readonly to?: unknown;
    readonly scale?: unknown;
  };
  const ordered = Number.isFinite(from) && Number.isFinite(to) && (from as number) < (to as number);
  return ordered && (scale === undefined || (scale === "log" && (from as number) > 0));
}
