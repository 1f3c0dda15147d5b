// The comparison: what networks of several shapes come to on each curve, over several starts.
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { approximate, parametersOf, type Shape, targets } from "./approximate.ts";

export interface Settings {
  readonly shapes: readonly (readonly [width: number, depth: number])[];
  readonly seeds: number;
  readonly steps: number;
}

export const full: Settings = {
  shapes: [
    [4, 1],
    [8, 1],
    [16, 1],
    [32, 1],
    [64, 1],
    [4, 2],
    [8, 2],
    [16, 2],
    [4, 4],
    [8, 4],
    [16, 4],
  ],
  seeds: 10,
  steps: 2000,
};

export const small: Settings = {
  shapes: [
    [4, 1],
    [8, 4],
  ],
  seeds: 2,
  steps: 200,
};

/** Errors of one shape, from the best start to the worst. */
export interface Row extends Shape {
  readonly parameters: number;
  readonly errors: readonly number[];
}

/** Which activation suits a curve: corners or none. */
export const activationOf: Readonly<Record<keyof typeof targets, Shape["activation"]>> = {
  wave: "tanh",
  zigzag: "relu",
  step: "tanh",
};

/** @param run keeps what is finished. Default: nothing is kept */
export async function study(
  backend: Backend,
  { shapes, seeds, steps }: Settings,
  run: RunTrial = runDirectly,
  watch: (completed: number, total: number) => void = () => {},
): Promise<readonly Row[]> {
  const names = Object.keys(targets) as (keyof typeof targets)[];
  const total = names.length * shapes.length * seeds;
  let completed = 0;
  const rows: Row[] = [];
  for (const target of names) {
    for (const [width, depth] of shapes) {
      const shape = { target, activation: activationOf[target], width, depth };
      const errors: number[] = [];
      for (let seed = 0; seed < seeds; seed++) {
        const error = await run(`${target}, ${depth} layers of ${width}, seed ${seed}`, async (signal) => {
          let last = Number.POSITIVE_INFINITY;
          for await (const look of approximate(backend, shape, { steps, looks: 2, seed, signal })) last = look.error;
          signal.throwIfAborted();
          return last;
        });
        errors.push(error);
        watch(++completed, total);
      }
      rows.push({
        ...shape,
        parameters: parametersOf(shape),
        errors: errors.toSorted((a, b) => a - b),
      });
    }
  }
  return rows;
}
