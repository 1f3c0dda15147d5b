// What fits: sizes are checked when a program is prepared, before anything reaches the device.
import { describe, fail, type HostArray, type Program, type Shape, sizeOf } from "@hooke/runtime";

/** Limits of a device, in bytes. How many workgroups fit into one dimension is not among them: kernels go round that. */
export type Limits = Pick<GPUSupportedLimits, "maxBufferSize" | "maxStorageBufferBindingSize">;

/** The limits to ask a device for: all that the adapter has of those that programs profit from. */
export const wantedLimits = (limits: GPUSupportedLimits): Record<string, number> => ({
  maxBufferSize: limits.maxBufferSize,
  maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
});

// Every element is stored in four bytes, booleans too.
const bytesOf = (shape: Shape): number => 4 * sizeOf(shape);

/** The largest array in bytes. */
export const largest = ({ maxBufferSize, maxStorageBufferBindingSize }: Limits): number =>
  Math.min(maxBufferSize, maxStorageBufferBindingSize);

const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

function checkArray(limits: Limits, what: string, array: Pick<HostArray, "shape" | "dtype">): void {
  const bytes = bytesOf(array.shape);
  if (bytes <= largest(limits)) return;
  fail(
    "backend webgpu",
    `${what} ${describe(array)} takes ${mebibytes(bytes)}; one array on this device holds at most ` +
      `${mebibytes(largest(limits))}. Use smaller batches or arrays, or the backend wasm.`,
    "unsupported",
  );
}

/** Refuses an array that is too large to upload. */
export const checkUpload = (limits: Limits, array: Pick<HostArray, "shape" | "dtype">): void =>
  checkArray(limits, "the array", array);

/** Refuses a program that takes or gives an array that is too large. What lies between is counted when it is planned. */
export function checkProgram(limits: Limits, program: Program): void {
  for (const input of program.inputs) checkArray(limits, "the input", input);
  for (const output of program.outputs) checkArray(limits, "the output", output);
}
