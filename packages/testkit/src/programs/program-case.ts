// A program to run on a backend and on the reference interpreter.
import { type HostArray, type Program, record, type Tensor } from "@hooke/runtime";
import type { Tolerance } from "../compare.ts";

/** A program, its inputs and how closely a backend must agree. */
export interface ProgramCase {
  readonly name: string;
  readonly program: Program;
  readonly inputs: readonly HostArray[];
  readonly tolerance: Tolerance;
  /** As in the backend contract: output `i` takes over the buffer of input `donate[i]`. */
  readonly donate?: readonly (number | null)[];
}

/** Rounding of a few operations. */
export const tight: Tolerance = { relative: { f32: 2e-5, f64: 1e-12 }, magnitude: "largest" };

/** A case from a function of tensors. It is recorded when it is first asked for: those that a backend skips, or a run leaves out, take no time. */
export function programCase(
  name: string,
  inputs: readonly HostArray[],
  fn: (...tensors: Tensor[]) => Tensor | readonly (Tensor | HostArray | number)[],
  options: { readonly donate?: readonly (number | null)[]; readonly tolerance?: Tolerance } = {},
): ProgramCase {
  let recorded: Program | undefined;
  return {
    name,
    get program() {
      recorded ??= (record(fn as never, ...(inputs as never[])) as { program: Program }).program;
      return recorded;
    },
    inputs,
    tolerance: tight,
    ...options,
  };
}
