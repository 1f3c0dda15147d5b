/**
 * What the backend makes of programs, for people: plans as text, and modules whose functions have names.
 *
 * @packageDocumentation
 */
import type { Plan } from "@hooke/plan";
import { inBytes, rowsOf, textOf } from "@hooke/plan/explain";
import type { Backend, PrepareOptions, Program } from "@hooke/runtime";
import { checkBackendOptions, type WasmBackendInfo, type WasmBackendOptions } from "../backend.ts";
import type { Emitter } from "../codegen/emitter.ts";
import { memoryOf, type ProgramMemory } from "./memory.ts";
import { namedModule } from "./names.ts";
import { NotingBackend, type NotingEmitter } from "./noting.ts";

export type { ProgramMemory } from "./memory.ts";

/** How one program is computed. */
export interface Explanation {
  /** The program, as it was prepared. */
  readonly program: Program;
  /**
   * The plan: kernels in the order they run, each with the primitives fused into it, the scopes (layers) that recorded them, what it
   * runs over, and the bytes of the elements that it reads and writes, each counted once.
   */
  readonly text: string;
  /** What memory it takes, for what, and what it could not do without. */
  readonly memory: ProgramMemory;
  /** The WebAssembly module, whose functions are named after their kernels: `loop add tanh @ features.0`. */
  readonly module: Uint8Array<ArrayBuffer>;
}

/** What a program takes: `512 B of workspace, 0 B of scratch`. */
function takenBy({ layout, rooms, scratchBytes }: NotingEmitter): string {
  const own = layout.ownBytes === 0 ? "" : `, ${inBytes(layout.ownBytes)} of each thread's own`;
  const shared = rooms?.most.partials ?? 0;
  const partials = shared === 0 ? "" : `, ${inBytes(shared)} that pieces share`;
  return `${inBytes(layout.bytes)} of workspace, ${inBytes(rooms?.most.scratch ?? scratchBytes)} of scratch${own}${partials}`;
}

/** Tells how each program is computed as it is prepared. */
class ExplainingBackend extends NotingBackend {
  private readonly listener: (explanation: Explanation) => void;

  constructor(listener: (explanation: Explanation) => void, options: WasmBackendOptions) {
    super(options);
    this.listener = listener;
  }

  protected override encode(
    program: Program,
    plan: Plan,
    emitter: Emitter,
    donate: readonly (number | null)[],
  ): Uint8Array<ArrayBuffer> {
    const noted = emitter as NotingEmitter;
    const module = namedModule(noted);
    const threads = noted.distributor === undefined ? 1 : this.threads;
    this.listener({
      program,
      text: textOf(program, rowsOf(plan, noted), takenBy(noted)),
      memory: memoryOf(program, plan, noted, threads, donate),
      module: module.slice(),
    });
    return module;
  }
}

/**
 * `wasmBackend()`, whose modules have names for profilers and the tools of browsers, and which tells how it computes each program.
 * Give it to `fit` or `compile` in place of `wasmBackend()` to see, or to write to files, all that a run generates.
 *
 * @param listener called each time a program is prepared, before the engine compiles the module
 * @throws as `wasmBackend` does
 *
 * @example
 * ```ts
 * import { explainingBackend } from "@hooke/backend-wasm/explain";
 * import { array, compile, exp, type Tensor } from "@hooke/runtime";
 *
 * const modules: Uint8Array[] = [];
 * const backend = explainingBackend(({ module }) => modules.push(module));
 * await compile(backend, (x: Tensor) => exp(x))(array([0, 1]));
 * console.log(modules.length); // 1
 * ```
 */
export function explainingBackend(
  listener: (explanation: Explanation) => void,
  options: WasmBackendOptions = {},
): Backend & WasmBackendInfo {
  checkBackendOptions("explainingBackend", options);
  return new ExplainingBackend(listener, options);
}

/** Options of {@link explain}: what `prepare` and `wasmBackend` take. */
export interface ExplainOptions extends PrepareOptions, WasmBackendOptions {}

/**
 * How the backend computes a program, as `prepare` would: `compile` and `fit` prepare what `optimize` makes of what was recorded.
 *
 * @throws as `prepare` does: if memory or the engine does not take the program
 *
 * @example
 * ```ts
 * import { explain } from "@hooke/backend-wasm/explain";
 * import { add, optimize, record, type Tensor, tanh } from "@hooke/runtime";
 *
 * const { program } = record((x: Tensor) => tanh(add(x, 1)), { shape: [4], dtype: "f32" });
 * const { text } = await explain(optimize(program));
 * console.log(text.includes("loop add tanh")); // true
 * ```
 */
export async function explain(
  program: Program,
  { donate = [], ...options }: ExplainOptions = {},
): Promise<Explanation> {
  let explanation: Explanation | undefined;
  const backend = explainingBackend((told) => {
    explanation = told;
  }, options);
  (await backend.prepare(program, { donate })).free();
  return explanation!;
}
