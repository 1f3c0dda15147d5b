// Gradient checkpointing: a function whose derivatives keep what it was given and compute the rest again. It is a loop of one step that
// recomputes: no pass mixes what is inside of a loop with what is outside, every transform and backend knows loops.

import { reshape } from "../ops/structure.ts";
import { nothingMore } from "../options/check-options.ts";
import { scan } from "../primitives/scan.ts";
import { checkFunction, checkRecording, emit, resultLeaves, withRecorder } from "../record.ts";
import { treeUnflatten } from "../tree.ts";
import type { TensorTree } from "./jvp.ts";

/**
 * The same function, of which derivatives keep the tensors that it reads, arguments and those from outside, and nothing that it
 * computes of them: they compute that again. The memory of a segment for the time of computing it twice. Chen et al. 2016.
 *
 * Values and derivatives to any order are those of `fn`: random numbers go by their keys, so that they are the same again. Only the
 * order changes in which cotangents are added up, where a tensor is used inside and outside. In forward mode nothing is kept anyway,
 * and the function is computed twice.
 *
 * @param fn a function that returns a tree of tensors
 * @returns a function with the arguments and the result of `fn`; call it while recording
 * @example
 * ```ts
 * import { array, grad, matmul, recompute, referenceBackend, run, sum, type Tensor, tanh } from "@hooke/runtime";
 *
 * const block = recompute((w: Tensor, x: Tensor) => tanh(matmul(tanh(matmul(x, w)), w)));
 * const loss = (w: Tensor, x: Tensor) => sum(block(w, block(w, x)));
 * const { shape } = await run(referenceBackend(), grad(loss), array([[1, 2], [3, 4]]), array([[0.5, 1]]));
 * console.log(shape); // [ 2, 2 ]
 * ```
 */
export function recompute<A extends readonly unknown[], R extends TensorTree>(
  fn: (...args: A) => R,
  ...more: []
): (...args: A) => R {
  nothingMore("recompute", more);
  checkFunction("recompute", fn);
  return (...args) => {
    checkRecording("recompute");
    const { result, program, captured } = withRecorder((recorder) => {
      const result = fn(...args);
      return { result, ...recorder.finish(resultLeaves("recompute", result)) };
    }, true);
    const stacks = emit(scan, "scan", captured, {
      body: program,
      length: 1,
      consts: captured.length,
      carry: 0,
      reverse: false,
      recompute: true,
    });
    const outputs = stacks.map((stack) => reshape(stack, stack.shape.slice(1)));
    return treeUnflatten(result, outputs) as unknown as R;
  };
}
