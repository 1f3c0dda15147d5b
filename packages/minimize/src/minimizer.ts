// The contract of minimizers: what they remember is a plain state, and each step says what it did.
import { fail, type HostArray } from "@hooke/runtime";
import type { Evaluation, Objective } from "./objective.ts";
import type { Vector } from "./vectors.ts";

/** All that a minimizer remembers between steps: arrays by name, and numbers that JSON holds. It can be stored and gone on from. */
export interface State {
  /** The name of the method. */
  readonly method: string;
  /** `at`, the point as a flat vector, and the memory of the method. */
  readonly arrays: Readonly<Record<string, HostArray>>;
  /** `iterations`, `evaluations`, and those of the method. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** What a step did. */
export interface Move {
  /**
   * `"moved"` to another point; `"no-decrease"`: every point it tried was no lower; `"non-finite"`: it has left the finite
   * numbers. After the latter two it stands where it stood.
   */
  readonly outcome: "moved" | "no-decrease" | "non-finite";
  /** The length of the step in terms of the method: along its direction, or its rate. */
  readonly step: number;
  /** What else is worth knowing, such as that a search was cut short. */
  readonly note?: string;
}

/** A minimization under way. It stands at a point whose value is known. */
export interface Descent extends Evaluation {
  readonly at: Vector;
  /** One step. If an evaluation throws, it stands where it stood and can go on. */
  step(): Promise<Move>;
  /** What it remembers, to go on from later with the same bits. */
  memory(): Promise<Pick<State, "arrays" | "numbers">>;
  /** Releases what it holds on the backend. */
  free(): void;
}

/** A method: a value, used for any number of minimizations. */
export interface Minimizer {
  readonly name: string;
  /**
   * Begins.
   *
   * @param origin where: the point and its value
   * @param memory what an earlier descent of this method remembered; empty at the start
   */
  begin(
    objective: Objective,
    origin: Evaluation & { readonly at: Vector },
    memory: Pick<State, "arrays" | "numbers">,
  ): Promise<Descent> | Descent;
}

/** An array of a state, of the length it must have. */
export function remembered(
  who: string,
  memory: Pick<State, "arrays">,
  name: string,
  length: number,
): HostArray["data"] | undefined {
  const array = memory.arrays[name];
  if (array !== undefined && array.data.length !== length) {
    fail(who, `the state's "${name}" holds ${array.data.length} numbers; expected ${length}.`, "mismatch");
  }
  return array?.data;
}

/** A vector for a state. */
export function stored(data: Vector, shape: readonly number[] = [data.length]): HostArray {
  return { shape, dtype: data instanceof Float64Array ? "f64" : "f32", data };
}
