// Products whose terms are divided: each part writes sums of its own, and further launches add these up.
import { type Ending, written } from "./ending.ts";
import type { Printer } from "./printer.ts";
import { reduceMiddle } from "./reduction.ts";
import type { Launch } from "./text.ts";

/** How a product in parts ends. */
interface InParts {
  /** Of the launch that makes the product. */
  readonly ending: Ending;
  /** That launch, and those that follow it. */
  readonly launches: (first: Launch) => Launch[];
}

/**
 * A product that writes `[outer, parts, inner]` words and ends with their sums over parts; one part ends by itself.
 *
 * @param ending of the sums
 */
export function productInParts(
  printer: Printer,
  sizes: readonly [outer: number, parts: number, inner: number],
  ending: Ending,
  label: string,
): InParts {
  const [outer, parts, inner] = sizes;
  if (parts === 1) return { ending, launches: (first) => [first] };
  const partial = printer.scratch(outer * parts * inner);
  return {
    ending: written(partial),
    launches: (first) => [first, ...reduceMiddle(printer, "sum", "f32", sizes, partial, ending, `${label}, parts`)],
  };
}
