// Bounds that hold: those of folds, unless a method's own do.
import { conformal, isMethod, type Method, type Samples } from "@hooke/baselines";
import { checkArgument } from "@hooke/runtime";

/** Rows below which folds bound nothing. */
const fewest = 10;

/**
 * Whether a method bounds its predictions as often as it says, or none can. A Gaussian process does for rows that stand by themselves; networks believe too
 * much, and neither knows of groups.
 */
export function boundsHold(method: Method, { target, rowCount, groups }: Samples): boolean {
  if (target.type === "class" || rowCount < fewest || method.method === "conformal") return true;
  return method.method === "gaussianProcess" && groups === undefined;
}

/**
 * A method whose bounds hold as often as they say: itself, or `conformal` of it. They are for a new group where samples have groups. Of classes, and of
 * fewer than 10 rows, there are none.
 *
 * @example
 * ```ts
 * import { ridge, samplesOf } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 * import { withBounds } from "@hooke/model-advisor";
 *
 * const load = Array.from({ length: 20 }, (_, i) => i);
 * const samples = samplesOf(tableOf({ load, strain: load.map((value) => 2 * value) }), "strain", {});
 * console.log(withBounds(ridge(), samples).method); // conformal
 * ```
 */
export function withBounds(method: Method, samples: Samples): Method {
  checkArgument("withBounds", "the method", method, (value) =>
    isMethod(value) ? undefined : "a method, such as ridge()",
  );
  checkArgument("withBounds", "the samples", samples, (value) =>
    Array.isArray((value as Partial<Samples> | null)?.columns)
      ? undefined
      : "samples, such as samplesOf(table, target, {})",
  );
  return boundsHold(method, samples) ? method : conformal({ method });
}
