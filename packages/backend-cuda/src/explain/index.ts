/**
 * What the engine `"driver"` makes of programs, for people: plans as text, and kernels in CUDA C++. It needs no GPU.
 *
 * @packageDocumentation
 */
import { cuda } from "@hooke/kernels/cuda";
import { type Explanation, explainPrinted } from "@hooke/kernels/explain";
import { checkDonation, checkOptions, type PrepareOptions, type Program } from "@hooke/runtime";

export type { Explanation, PrintedKernel } from "@hooke/kernels/explain";

/**
 * How the engine `"driver"` computes a program, as `prepare` would: launches are the nodes of its CUDA graph. TensorFlow's kernels, which the
 * engine `"tensorflow"` runs, are one or more for each operation of the program, and not planned.
 *
 * @throws on an unknown option or a wrong one; as `prepare` does if `donate` does not fit the program
 *
 * @example
 * ```ts
 * import { explain } from "@hooke/backend-cuda/explain";
 * import { add, optimize, record, type Tensor, tanh } from "@hooke/runtime";
 *
 * const { program } = record((x: Tensor) => tanh(add(x, 1)), { shape: [4], dtype: "f32" });
 * const { text, launches, kernels } = explain(optimize(program));
 * console.log(text.includes("loop add tanh"), launches, kernels[0]!.code.includes("__global__")); // true 1 true
 * ```
 */
export function explain(program: Program, options: PrepareOptions = {}): Explanation {
  checkOptions<PrepareOptions>("explain", options, {
    optional: { donate: (value) => (Array.isArray(value) ? undefined : "a list") },
  });
  const { donate = [] } = options;
  checkDonation("backend cuda", program, donate);
  return explainPrinted({ dialect: cuda, onProcessor: false }, program, donate);
}
