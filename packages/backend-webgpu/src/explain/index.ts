/**
 * What the backend makes of programs, for people: plans as text, and kernels in WGSL. It needs no GPU.
 *
 * @packageDocumentation
 */
import { countLaunches, launchesOf, printProgram } from "@hooke/kernels";
import { wgsl } from "@hooke/kernels/wgsl";
import { inBytes, rowsOf, textOf } from "@hooke/plan/explain";
import { checkDonation, checkOptions, checks, type PrepareOptions, type Program } from "@hooke/runtime";

/** A kernel in WGSL. */
export interface PrintedKernel {
  /** The primitives fused into it and the layer that asked for them, as errors name it. */
  readonly label: string;
  readonly code: string;
}

/** How one program is computed. */
export interface Explanation {
  /** The program, as it would be prepared. */
  readonly program: Program;
  /**
   * The plan: kernels in the order they run, each with the primitives fused into it, the scopes (layers) that recorded them, what it runs
   * over, in how many launches where these are several, and the bytes of the elements that it reads and writes, each counted once.
   */
  readonly text: string;
  /** How many launches a run makes, those of all steps of loops counted. */
  readonly launches: number;
  /** Kernels in the order of their first launch, each once. */
  readonly kernels: readonly PrintedKernel[];
}

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
  const { plan, layout, steps, scratch, launches } = printProgram({ dialect: wgsl, onProcessor }, program, donate);
  const rows = rowsOf(plan, {
    layout,
    remarksOf: (kernel) => {
      const count = launches.get(kernel) ?? 1;
      return kernel.kind === "scan" || count < 2 ? [] : [`${count} launches`];
    },
  });
  const memory = `${inBytes(layout.bytes)} of workspace, ${inBytes(4 * scratch)} of scratch`;
  const kernels = new Map(launchesOf(steps).map(({ label, code }) => [code, { label, code }]));
  return {
    program,
    text: textOf(program, rows, memory),
    launches: countLaunches(steps),
    kernels: [...kernels.values()],
  };
}
