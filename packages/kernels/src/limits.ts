// What fits: sizes are checked when a program is prepared, before anything reaches the device.
import { describe, fail, type HostArray, type Program, type Shape, sizeOf } from "@hooke/runtime";
import type { Machine } from "./machine.ts";

// Every element is stored in a word, booleans too.
const mebibytes = (words: number): string => `${Math.round(words / 2 ** 18)} MiB`;

/** Refuses an array that the device cannot hold. @param what it is */
export function checkArray(
  { traits, memory }: Pick<Machine, "traits" | "memory">,
  what: string,
  array: Pick<HostArray, "dtype"> & { readonly shape: Shape },
): void {
  const words = sizeOf(array.shape);
  if (words <= memory.mostWords) return;
  fail(
    traits.dialect.backend,
    `${what} ${describe(array)} takes ${mebibytes(words)}; one array on this device holds at most ` +
      `${mebibytes(memory.mostWords)}. Use smaller batches or arrays, or the backend wasm.`,
    "unsupported",
  );
}

/** Refuses a program that takes or gives an array that is too large. What lies between is counted when it is planned. */
export function checkProgram(machine: Machine, program: Program): void {
  for (const input of program.inputs) checkArray(machine, "the input", input);
  for (const output of program.outputs) checkArray(machine, "the output", output);
}
