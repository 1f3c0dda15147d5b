/**
 * What the backend makes of programs, for people: plans as text, and kernels in WGSL. It needs no GPU.
 *
 * @packageDocumentation
 */
import { type Explanation, explainPrinted } from "@hooke/kernels/explain";
import { wgsl } from "@hooke/kernels/wgsl";
import { checkDonation, checkOptions, checks, type PrepareOptions, type Program } from "@hooke/runtime";

export type { Explanation, PrintedKernel } from "@hooke/kernels/explain";

/** Options of {@link explain}. */
export interface ExplainOptions extends PrepareOptions {
  /** Whether a processor stands in for a GPU (SwiftShader, llvmpipe): no workgroup shares what it reads there. Default: false. */
  readonly onProcessor?: boolean;
}

/**
 * How the backend computes a program, as `prepare` would: `compile` and `fit` prepare what `optimize` makes of what was recorded.
 *
 * @throws on an unknown option or a wrong one; as `prepare` does if `donate` does not fit the program
 *
 * @example
 * ```ts
 * import { explain } from "@hooke/backend-webgpu/explain";
 * import { add, optimize, record, type Tensor, tanh } from "@hooke/runtime";
 *
 * const { program } = record((x: Tensor) => tanh(add(x, 1)), { shape: [4], dtype: "f32" });
 * const { text, kernels } = explain(optimize(program));
 * console.log(text.includes("loop add tanh"), kernels.length); // true 1
 * ```
 */
export function explain(program: Program, options: ExplainOptions = {}): Explanation {
  checkOptions<ExplainOptions>("explain", options, {
    optional: { donate: (value) => (Array.isArray(value) ? undefined : "a list"), onProcessor: checks.flag },
  });
  const { donate = [], onProcessor = false } = options;
  checkDonation("backend webgpu", program, donate);
  return explainPrinted({ dialect: wgsl, onProcessor }, program, donate);
}
