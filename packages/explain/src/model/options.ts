// Options that explanations have alike.
import type { HostArray } from "@hooke/runtime";
import type { RunOptions } from "./batched.ts";
import type { Output } from "./output.ts";

/** What is explained of a network, and where it runs. */
export interface ExplainOptions extends RunOptions {
  /** The output that is explained: its place, or the name of a target or class. Default: the only one. */
  readonly output?: Output;
  /** What layers read besides the inputs, by name, `[rows, ...]` each, where rows are an array; a dataset brings its own. Default none. */
  readonly extras?: Readonly<Record<string, HostArray>>;
}

/** How far an explanation has come. */
export interface ExplainProgress {
  /** Of the work, from 0 to 1. */
  readonly fraction: number;
  /** What is being done: `"row 3 of 20"`. */
  readonly text: string;
}
