// Forward-mode differentiation: a program evaluated on pairs of a value and its tangent.

import { describe, isFloat, sameShape } from "../array.ts";
import { fail } from "../error.ts";
import { fullLike } from "../ops/elementwise.ts";
import { nothingMore } from "../options/check-options.ts";
import { optimize } from "../passes/optimize.ts";
import type { Linearized, LinearizingRule, MaybeTensor, PlainRule } from "../primitives/rule.ts";
import type { Node, Program, Value } from "../program.ts";
import { checkFunction, emitLike, resultLeaves, withRecorder, withScope } from "../record.ts";
import { isTensor, type Tensor } from "../tensor.ts";
import { type Tree, treeLeaves, treeLeavesLike, treeUnflatten } from "../tree.ts";

/** Evaluates a program and its derivative in the current recording. A null tangent is zero. */
export function evaluateJvp(program: Program, inputs: readonly Tensor[], tangents: readonly MaybeTensor[]): Linearized {
  const primal = new Map<Value, Tensor>();
  const tangent = new Map<Value, MaybeTensor>();
  for (const [i, value] of program.inputs.entries()) {
    primal.set(value, inputs[i]!);
    tangent.set(value, tangents[i]!);
  }
  for (const node of program.nodes) {
    const operands = node.inputs.map((input) => primal.get(input)!);
    const moves = node.inputs.map((input) => tangent.get(input)!);
    const result = withScope(node.scope, () => evaluateNode(node, operands, moves));
    node.outputs.forEach((output, i) => {
      primal.set(output, result.outputs[i]!);
      tangent.set(output, result.tangents[i] ?? null);
    });
  }
  return {
    outputs: program.outputs.map((output) => primal.get(output)!),
    tangents: program.outputs.map((output) => tangent.get(output)!),
  };
}

function evaluateNode(node: Node, inputs: readonly Tensor[], tangents: readonly MaybeTensor[]): Linearized {
  if (tangents.every((tangent) => tangent === null)) {
    return { outputs: emitLike(node, inputs), tangents: [] };
  }
  const rule = node.rule as unknown as PlainRule<never> | LinearizingRule<never>;
  if ("linearize" in rule) return rule.linearize(inputs, node.params as never, tangents, evaluateJvp);
  const outputs = emitLike(node, inputs);
  return { outputs, tangents: rule.jvp(inputs, outputs, node.params as never, tangents) };
}

/** A function of trees recorded as a program, with the tensors it used from outside and the structure of its result. */
export interface RecordedFunction<R> {
  readonly program: Program;
  readonly captured: readonly Tensor[];
  readonly result: R;
}

// How many functions have been recorded to be differentiated.
let recorded = 0;

/**
 * Records `fn` in a fresh recorder inside the current recording. What derivatives inside `fn` repeat is dropped before it is
 * differentiated again: otherwise every order triples a program.
 */
export function recordInner<R>(
  who: string,
  fn: (...args: never[]) => R,
  args: readonly unknown[],
): RecordedFunction<R> {
  checkFunction(who, fn);
  return withRecorder((recorder) => {
    const inner = args.map((arg) => {
      const leaves = tensorLeaves(who, arg).map(({ shape, dtype }) => recorder.input({ shape, dtype }));
      return treeUnflatten(arg, leaves);
    });
    const before = ++recorded;
    const result = (fn as (...args: unknown[]) => R)(...inner);
    const { program, captured } = recorder.finish(resultLeaves(who, result));
    return { program: recorded === before ? program : optimize(program, true), captured, result };
  });
}

/** The leaves of an argument, which must be tensors. */
export function tensorLeaves(who: string, arg: unknown): Tensor[] {
  return treeLeaves(arg as Tree<unknown>).map(({ path, value }) => {
    if (isTensor(value)) return value;
    return fail(
      who,
      `received ${value === null ? "null" : typeof value}${path && ` at "${path}"`} as an argument; arguments are trees of tensors. ` +
        "Call it inside a function given to record, run or compile.",
    );
  });
}

/** A tree whose leaves are tensors: what the transforms take and return. */
export type TensorTree = Tree<Tensor>;

/**
 * The value of `fn` and its directional derivative, in forward mode.
 *
 * @param fn a function of trees of tensors
 * @param primals its arguments
 * @param tangents one tree per argument, alike in structure, shapes and dtypes (for integer leaves the tangent is not read)
 * @returns `[value, derivative]`, both structured like the result of `fn`
 * @throws if a tangent's shape differs from its primal's
 */
export function jvp<A extends readonly TensorTree[], R extends TensorTree>(
  fn: (...args: A) => R,
  primals: A,
  tangents: NoInfer<A>,
  ...more: []
): [R, R] {
  nothingMore("jvp", more);
  if (!Array.isArray(primals) || !Array.isArray(tangents))
    fail("jvp", "received no lists; write jvp(fn, [x], [tangent]), an entry for each argument.");
  const { program, captured, result } = recordInner("jvp", fn as unknown as (...args: never[]) => R, primals);
  const values = primals.flatMap((primal) => tensorLeaves("jvp", primal));
  const moves = tensorLeaves("jvp", treeLeavesLike(primals, tangents));
  const seeds = values.map((value, i) => {
    const move = moves[i]!;
    if (!isFloat(value.dtype)) return null;
    if (!sameShape(value.shape, move.shape) || value.dtype !== move.dtype) {
      fail("jvp", `received the tangent ${describe(move)} for the primal ${describe(value)}.`, "mismatch");
    }
    return move;
  });
  const { outputs, tangents: derivatives } = evaluateJvp(
    program,
    [...captured, ...values],
    [...captured.map(() => null), ...seeds],
  );
  const complete = outputs.map((output, i) => derivatives[i] ?? fullLike(output, 0));
  return [treeUnflatten(result, outputs) as unknown as R, treeUnflatten(result, complete) as unknown as R];
}
