// The contract between the runtime and what executes programs.
//
// A backend knows buffers and programs; it knows nothing of layers, training or derivatives.
//  - Buffers are opaque and belong to the backend, the very instance, that made them, until `free` ends them. They outlive the
//    executables that took or returned them.
//  - `prepare` may take long (it compiles); `run` should not, and does not wait for results: `read` does. A `read` yields what
//    its buffer held when it was called, whatever is written or freed meanwhile.
//  - A program's inputs are never changed, except those donated in `prepare`.
//  - Results are a function of the program and its inputs alone: the same bits every time.
//  - It does not verify programs (`verify` does) and does not keep the caller's arrays.
//  - What cannot be right is refused before anything is computed, changed or kept, with a HookeError and its code
//    (`BufferChecks` and `checkHostArray` say them all):
//      `freed`: a freed buffer is read, written, given to a program or freed again; a freed executable is run or freed again.
//      `mismatch`: a buffer of another instance; buffers that differ from the program's inputs in number, shape or dtype; an
//        array that differs from the buffer it is written to; a donated buffer that is given for a second input;
//        `donate` that names no input, one twice, or one that differs from its output.
//      `invalid-argument`: what is no buffer; a host array that is not what it says it is.
//      `unsupported`: a dtype it does not run.
//      `out-of-memory`: what was wanted, and how much is in use. Everything there stays usable.
//      `device-lost`: the device is gone, or a buffer is read or used that held something on a device that is gone.
import type { DType, HostArray } from "./array.ts";
import type { Aval, Program } from "./program.ts";

/** An array held by a backend. */
export interface Buffer extends Aval {}

/** Choices made when a program is prepared. */
export interface PrepareOptions {
  /**
   * `donate[i] = j`: output `i` takes over the buffer of input `j`, of the same shape and dtype; `run` returns that very buffer,
   * holding the output. Absent or null: the output gets a buffer of its own. Each input may be donated once.
   */
  readonly donate?: readonly (number | null)[];
}

/** A prepared program. */
export interface Executable {
  /** Runs once. The caller frees the returned buffers that were not donated. @throws as the contract says; then nothing has run */
  run(inputs: readonly Buffer[]): Buffer[];
  /** Releases what the program itself holds. @throws with the code `freed` the second time */
  free(): void;
}

/** Runs programs. */
export interface Backend {
  readonly name: string;
  /** Element types it runs; others are refused by name. */
  readonly dtypes: readonly DType[];
  prepare(program: Program, options?: PrepareOptions): Promise<Executable>;
  /** Copies an array in. */
  upload(array: HostArray): Buffer;
  /** Copies an array of the same shape and dtype into an existing buffer. */
  write(buffer: Buffer, array: HostArray): void;
  /** Copies a buffer out, once the programs that write it have finished. */
  read(buffer: Buffer): Promise<HostArray>;
  /**
   * The numbers of a buffer where they are, to be read and changed in place until the backend is called again: what is large is not copied out
   * and in. Absent where the host cannot reach them.
   */
  view?(buffer: Buffer): HostArray;
  /** Ends a buffer. @throws with the code `freed` the second time */
  free(buffer: Buffer): void;
  /**
   * Opens the device anew after an error with the code `device-lost`; does nothing where it is not lost. Executables and buffers stay, but what
   * buffers held is gone: they are refused with that code until they are written. Absent where there is no device to lose, or the backend cannot open another.
   *
   * @throws where none can be opened, with the reason
   */
  reopen?(): Promise<void>;
}
