// Margins around arrays: of one value, or of the elements inside.
import { describe } from "../array.ts";
import { fail } from "../error.ts";
import { array } from "../make-array.ts";
import { checkArgument } from "../options/check-options.ts";
import { list, oneOf } from "../options/checks.ts";
import { show } from "../options/show.ts";
import { structure } from "../primitives/structure.ts";
import { emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { type ArrayOperand, gather } from "./structure.ts";

/** How a margin continues an axis: mirrored at its end elements, which are not repeated; with its end elements; from its other end. */
export type PadMode = "reflect" | "edge" | "wrap";

/** The element of an axis, `size` long, that stands at `place`, which may be beyond its ends. */
const continued: { readonly [M in PadMode]: (place: number, size: number) => number } = {
  reflect(place, size) {
    const period = Math.max(2 * (size - 1), 1);
    const within = modulo(place, period);
    return within < size ? within : period - within;
  },
  edge: (place, size) => Math.min(Math.max(place, 0), size - 1),
  wrap: (place, size) => modulo(place, size),
};

const modulo = (a: number, b: number): number => ((a % b) + b) % b;

/**
 * Adds `low[i]` elements before and `high[i]` after each axis: filled with a number (default 0), or continuing the axis as NumPy's modes of
 * these names do, over several turns if need be. (PyTorch calls them `reflect`, `replicate` and `circular`.)
 *
 * @throws on amounts that are no whole numbers from 0, and where an empty axis has nothing to continue with
 * @example
 * ```ts
 * import { array, pad, referenceBackend, run, type Tensor } from "@hooke/runtime";
 *
 * const mirrored = (x: Tensor) => pad(x, [2], [1], "reflect");
 * console.log((await run(referenceBackend(), mirrored, array([1, 2, 3]))).data); // Float32Array(6) [ 3, 2, 1, 2, 3, 2 ]
 * ```
 */
export function pad(
  x: ArrayOperand,
  low: readonly number[],
  high: readonly number[],
  fill: number | PadMode = 0,
  ...more: []
): Tensor {
  const value = tensorFor("pad", x, more);
  for (const amounts of [low, high]) checkArgument("pad", "low or high", amounts, list);
  if (typeof fill === "number") {
    return emit(structure, "pad", [value], { low, high, interior: low.map(() => 0), value: fill })[0]!;
  }
  const expected = oneOf(fill, Object.keys(continued));
  if (expected !== undefined) fail("pad", `received the fill ${show(fill)}; it takes a number, or ${expected}.`);
  if (low.length !== value.rank || high.length !== value.rank || ![...low, ...high].every(isAmount)) {
    const amounts = `low [${low.join(", ")}] and high [${high.join(", ")}]`;
    fail("pad", `received ${describe(value)}, ${amounts}; for every axis they are whole numbers from 0.`, "mismatch");
  }
  return value.shape.reduce<Tensor>((padded, size, axis) => {
    const [before, after] = [low[axis]!, high[axis]!];
    if (before + after === 0) return padded;
    if (size === 0) fail("pad", `received ${describe(value)}; an empty axis has nothing to ${fill}.`, "mismatch");
    const places = Array.from({ length: before + size + after }, (_, i) => continued[fill](i - before, size));
    return gather(padded, array(places, { dtype: "i32" }), axis);
  }, value);
}

const isAmount = (amount: number): boolean => Number.isInteger(amount) && amount >= 0;
