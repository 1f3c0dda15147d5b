/**
 * What is printed of programs, for people: plans as text, and kernels in the language of a device.
 *
 * @packageDocumentation
 */
import { inBytes, rowsOf, textOf } from "@hooke/plan/explain";
import type { Program } from "@hooke/runtime";
import { printProgram } from "../print.ts";
import type { Traits } from "../printer.ts";
import { countLaunches, launchesOf } from "../program.ts";

/** A kernel in the language of its device. */
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

/** How a program is computed. @param donate the input that each output is written over, if any */
export function explainPrinted(traits: Traits, program: Program, donate: readonly (number | null)[]): Explanation {
  const { plan, layout, steps, scratch, launches } = printProgram(traits, program, donate);
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
