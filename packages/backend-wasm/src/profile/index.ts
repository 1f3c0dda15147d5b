/**
 * What each kernel of a program takes, beside what the machine does at best.
 *
 * @packageDocumentation
 */
import {
  type Backend,
  checkArgument,
  checkOptions,
  checks,
  createPauses,
  fail,
  type HostArray,
  Program,
} from "@hooke/runtime";
import { backendOptions, checkBackendOptions, type WasmBackendInfo, type WasmBackendOptions } from "../backend.ts";
import { MeasuringBackend } from "./backend.ts";
import { Profile } from "./profile.ts";

export type { ProfileFigures } from "./figures.ts";
export type { KernelProfile } from "./kernel-profile.ts";
export type { Machine, Rates } from "./machine.ts";
export type { Profile } from "./profile.ts";

/** Options of {@link profile}. */
export interface ProfileOptions extends WasmBackendOptions {
  /** `donate[i] = j`: output `i` takes over the buffer of input `j`, and is that input in the next run. Default: none does. */
  readonly donate?: readonly (number | null)[];
  /** How long to run the program again and again. Default 500. */
  readonly milliseconds?: number;
  /** Stops between two runs. */
  readonly signal?: AbortSignal;
}

/** A backend that measures what it runs. */
export interface ProfilingBackend extends Backend, WasmBackendInfo {
  /** The profiles so far of all programs that ran, in the order they were prepared. Measures the machine, at the first call of all. */
  profiles(): Promise<Profile[]>;
}

class Profiling extends MeasuringBackend implements ProfilingBackend {
  async profiles(): Promise<Profile[]> {
    const machine = await this.machine();
    return this.recordings.filter(({ runs }) => runs > 0).map((recording) => new Profile(recording, machine));
  }
}

/**
 * `wasmBackend()` that measures every kernel it runs: give it to `fit`, `predict` or `compile` in its place. Looking at the clock takes some
 * 0.1 microseconds a kernel; results are the same bits.
 *
 * @throws as `wasmBackend` does
 * @example
 * ```ts
 * import { profilingBackend } from "@hooke/backend-wasm/profile";
 * import { array, compile, exp, type Tensor } from "@hooke/runtime";
 *
 * const backend = profilingBackend();
 * await compile(backend, (x: Tensor) => exp(x))(array([0, 1]));
 * const [profile] = await backend.profiles();
 * console.log(profile!.kernels[0]!.label); // loop exp
 * ```
 */
export function profilingBackend(options: WasmBackendOptions = {}): ProfilingBackend {
  checkBackendOptions("profilingBackend", options);
  return new Profiling(options);
}

/**
 * Runs a program again and again and measures each of its kernels: its time, and the time it takes at least for its operations and bytes at the rates
 * that this machine is measured to have.
 *
 * @param program as it would be prepared: `compile` and `fit` prepare what `optimize` makes of what was recorded
 * @param args its inputs
 * @throws on an unknown option or a wrong one; as `prepare` and `run` do; and with the signal's reason
 * @example
 * ```ts
 * import { profile } from "@hooke/backend-wasm/profile";
 * import { array, optimize, record, type Tensor, tanh } from "@hooke/runtime";
 *
 * const x = array([0, 0.5, 1]);
 * const { text, kernels } = await profile(optimize(record((x: Tensor) => tanh(x), x).program), [x], { milliseconds: 20 });
 * console.log(text.includes("loop tanh"), kernels[0]!.operations); // true 3
 * ```
 */
export async function profile(
  program: Program,
  args: readonly HostArray[],
  options: ProfileOptions = {},
): Promise<Profile> {
  checkArgument("profile", "the program", program, (value) =>
    value instanceof Program ? undefined : "a program, such as `optimize(record(...).program)`",
  );
  checkOptions<ProfileOptions>("profile", options, {
    optional: { ...backendOptions, donate: checks.list, milliseconds: checks.positive, signal: checks.signal },
  });
  const { donate = [], milliseconds = 500, signal, ...rest } = options;
  if (args.length !== program.inputs.length) {
    fail("profile", `received ${args.length} arrays; the program has ${program.inputs.length} inputs.`, "mismatch");
  }
  signal?.throwIfAborted();
  const backend = new Profiling(rest);
  const executable = await backend.prepare(program, { donate });
  const buffers = args.map((arg) => backend.upload(arg));
  const pause = createPauses();
  const start = performance.now();
  do {
    const results = executable.run(buffers);
    for (const [i, result] of results.entries()) {
      const input = donate[i];
      if (typeof input === "number") buffers[input] = result;
      else backend.free(result);
    }
    await pause();
    signal?.throwIfAborted();
  } while (performance.now() - start < milliseconds);
  return (await backend.profiles())[0]!;
}
