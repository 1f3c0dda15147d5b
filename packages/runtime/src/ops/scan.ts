// Loops: scan carries a state through a number of steps, reading one slice of the inputs and writing one of the outputs in each.

import { describe } from "../array.ts";
import { fail } from "../error.ts";
import { checkOptions, type OptionTable } from "../options/check-options.ts";
import { flag } from "../options/checks.ts";
import type { ScanParams } from "../primitives/params.ts";
import { scan as family } from "../primitives/scan.ts";
import { checkFunction, emit, resultLeaves, tensorFor, withRecorder } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { type MapTree, type Tree, treeLeaves, treeLeavesLike, treeUnflatten } from "../tree.ts";
import type { Operand } from "./align.ts";

/** Carries and outputs of one step, or of a whole loop, as flat lists. */
export interface FlatStep {
  readonly carry: readonly Tensor[];
  readonly ys: readonly Tensor[];
}

/** {@link scan} over flat lists. Tensors that `step` uses from outside become constants of the loop. */
export function scanTensors(
  step: (carry: readonly Tensor[], xs: readonly Tensor[]) => FlatStep,
  carry: readonly Tensor[],
  xs: readonly Tensor[],
  length: number,
  { reverse, recompute }: Pick<ScanParams, "reverse" | "recompute">,
): FlatStep {
  const { program, captured } = withRecorder((recorder) => {
    const state = carry.map(({ shape, dtype }) => recorder.input({ shape, dtype }));
    const slices = xs.map(({ shape, dtype }) => recorder.input({ shape: shape.slice(1), dtype }));
    const result = step(state, slices);
    return recorder.finish([...result.carry, ...result.ys]);
  });
  const outputs = emit(family, "scan", [...captured, ...carry, ...xs], {
    body: program,
    length,
    consts: captured.length,
    carry: carry.length,
    reverse,
    ...(recompute && { recompute }),
  });
  return { carry: outputs.slice(0, carry.length), ys: outputs.slice(carry.length) };
}

/** The tree with tensors for leaves. */
export type Tensors<T> = MapTree<T, Operand, Tensor>;

/** Options of {@link scan}. */
export interface ScanOptions {
  /** Number of steps; needed only when `xs` is empty. */
  readonly length?: number;
  /** From the last slice to the first; outputs stay at their slice. Default false. */
  readonly reverse?: boolean;
  /**
   * Whether derivatives keep only the carries of every step and compute the rest of it again: memory for time, with the
   * same derivatives to any order. Chen et al. 2016. Default false.
   */
  readonly recompute?: boolean;
}

/** The length is checked where it is used. */
const table: OptionTable<ScanOptions> = { optional: { length: () => undefined, reverse: flag, recompute: flag } };

/**
 * Carries a state through the slices of `xs` along their first axis. One primitive, whatever the number of steps, and
 * differentiable in both modes.
 *
 * @param step `(carry, x) => [next carry, y]`; runs once, while recording
 * @param init the first carry; every step must keep its shapes and dtypes
 * @param xs a tree of arrays with one common first dimension, or `[]` together with `length`
 * @returns `[last carry, ys]`, each `y` stacked along a new first axis
 * @example
 * ```ts
 * import { add, array, referenceBackend, run, scan, type Tensor } from "@hooke/runtime";
 *
 * const sums = (x: Tensor) => scan((sum: Tensor, term: Tensor) => [add(sum, term), add(sum, term)] as const, 0, x);
 * const [total, partial] = await run(referenceBackend(), sums, array([1, 2, 3]));
 * console.log(total.data[0], partial.data); // 6 Float32Array(3) [ 1, 3, 6 ]
 * ```
 */
export function scan<C extends Tree<Operand>, X extends Tree<Operand>, Y extends Tree<Tensor>>(
  step: (carry: Tensors<C>, x: Tensors<X>) => readonly [Tree<Tensor>, Y],
  init: C,
  xs: X,
  options: ScanOptions = {},
): [Tensors<C>, Y] {
  checkFunction("scan", step);
  checkOptions<ScanOptions>("scan", options, table);
  const carry = treeLeaves<Operand>(init).map(({ value }) => tensorFor("scan", value));
  const inputs = treeLeaves<Operand>(xs).map(({ path, value }) => ({
    path,
    value: tensorFor("scan", value),
  }));
  const length = commonLength(inputs, options.length);
  let structure: Y | undefined;
  const result = scanTensors(
    (state, slices) => {
      const pair: readonly unknown[] = step(
        treeUnflatten(init as unknown, state) as Tensors<C>,
        treeUnflatten(xs as unknown, slices) as Tensors<X>,
      );
      if (!Array.isArray(pair) || pair.length !== 2) fail("scan", "the step must return [next carry, y].");
      const next = resultLeaves("scan", treeLeavesLike(init, pair[0]));
      const ys = resultLeaves("scan", pair[1]);
      structure = pair[1] as Y;
      for (const [i, { path }] of treeLeaves<unknown>(init).entries()) {
        const before = describe(state[i]!);
        const after = describe(next[i]!);
        if (before !== after) {
          fail(
            "scan",
            `the carry${path && ` "${path}"`} enters a step as ${before} and leaves it as ${after}; it must stay.`,
            "mismatch",
          );
        }
      }
      return { carry: next, ys };
    },
    carry,
    inputs.map(({ value }) => value),
    length,
    { reverse: options.reverse ?? false, recompute: options.recompute ?? false },
  );
  return [
    treeUnflatten(init as unknown, result.carry) as Tensors<C>,
    treeUnflatten(structure as unknown, result.ys) as Y,
  ];
}

function commonLength(inputs: readonly { path: string; value: Tensor }[], given: number | undefined): number {
  let length = given;
  for (const { path, value } of inputs) {
    const found = value.shape[0];
    if (found === undefined)
      fail(
        "scan",
        `xs${path && ` "${path}"`} is ${describe(value)}; it takes arrays with a first axis to step along.`,
        "mismatch",
      );
    if (length !== undefined && found !== length) {
      fail(
        "scan",
        `xs${path && ` "${path}"`} is ${describe(value)}, ${found} steps where ${length} are expected.`,
        "mismatch",
      );
    }
    length = found;
  }
  return length ?? fail("scan", "received no xs; say how many steps with { length }.");
}
