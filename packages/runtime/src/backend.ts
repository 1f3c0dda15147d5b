// The contract between the runtime and what executes programs.
//
// A backend knows buffers and programs; it knows nothing of layers, training or derivatives.
//  - Buffers are opaque and belong to the backend that made them. `free` ends one; using it afterwards is an error.
//  - `prepare` may take long (it compiles); `run` should not, and does not wait for results: `read` does.
//  - A program's inputs are never changed, except those donated in `prepare`.
//  - Results are a function of the program and its inputs alone: the same bits every time.
//  - It does not verify programs (Program.verify does) and does not keep the caller's arrays.
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
  /** Runs once. The caller frees the returned buffers that were not donated. */
  run(inputs: readonly Buffer[]): Buffer[];
  /** Releases what the program itself holds. */
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
  free(buffer: Buffer): void;
}
