// Cells, loads and the fields that the solver finds, as rows of a dataset.
import { setImmediate } from "node:timers/promises";
import { type Dataset, dataset } from "@hooke/data";
import { type Ensemble, microstructures } from "@hooke/example-micrograph-cnn/microstructure.ts";
import {
  array,
  type Backend,
  compile,
  fold,
  foldHost,
  type HostArray,
  type Key,
  normal,
  randomKey,
} from "@hooke/runtime";
import { type Fields, fieldSolver } from "./solver.ts";

/** Channels of the inputs: the stiff phase, and the mean strain, the same at every pixel. */
export const inputNames = ["stiff", "E11", "E22", "E12"] as const;
/** Channels of the targets. */
export const targetNames = ["u1", "u2", "s11", "s22", "s12"] as const;

export interface Sample {
  /** `[cells, side, side, 4]` and `[cells, side, side, 5]`, f32: {@link inputNames} and {@link targetNames}. */
  readonly data: Dataset;
  /** f64 `[cells, side, side]`. */
  readonly stiff: HostArray;
  /** f64 `[cells, 3]`. */
  readonly load: HostArray;
}

/** Cells that are solved at once. */
const together = 50;

/**
 * Draws two-phase cells and mean strains of size 1 in all directions, and solves them.
 *
 * @param onCells called with the number of those that are solved
 * @throws the signal's reason if it is aborted
 */
export async function drawCells(
  backend: Backend,
  ensemble: Ensemble,
  count: number,
  seed: number,
  signal: AbortSignal,
  onCells: (completed: number) => void,
): Promise<Sample> {
  const { side } = ensemble;
  const draw = microstructures(backend, ensemble, seed);
  const drawLoad = compile(backend, (key: Key) => normal(fold(key, "load"), [3]));
  const solve = fieldSolver(backend, { side });
  const stiff = new Float64Array(count * side ** 2);
  const load = new Float64Array(count * 3);
  const targets = new Float32Array(count * side ** 2 * targetNames.length);
  for (let from = 0; from < count; from += together) {
    const to = Math.min(from + together, count);
    for (let cell = from; cell < to; cell++) {
      stiff.set((await draw(cell)).stiff, cell * side ** 2);
      const [e11, e22, shear] = (await drawLoad(foldHost(randomKey(seed), cell))).data as Float32Array;
      const size = Math.hypot(e11!, e22!, shear!);
      // The size of a strain counts its shear twice.
      load.set([e11! / size, e22! / size, shear! / size / Math.SQRT2], 3 * cell);
    }
    const some = (values: Float64Array, shape: readonly number[]): HostArray => {
      const size = shape.reduce((a, b) => a * b, 1);
      return array(values.slice(from * size, to * size), { shape: [to - from, ...shape] });
    };
    const fields = await solve(some(stiff, [side, side]), some(load, [3]));
    targets.set(joined(fields), from * side ** 2 * targetNames.length);
    onCells(to);
    // Ctrl-C is heard where the event loop turns.
    await setImmediate();
    signal.throwIfAborted();
  }
  const inputs = Float32Array.from({ length: count * side ** 2 * 4 }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 4), i % 4];
    return channel === 0 ? stiff[pixel]! : load[3 * Math.floor(pixel / side ** 2) + channel - 1]!;
  });
  return {
    data: dataset({
      inputs: array(inputs, { shape: [count, side, side, inputNames.length] }),
      targets: array(targets, { shape: [count, side, side, targetNames.length] }),
      inputNames: [...inputNames],
      targetNames: [...targetNames],
    }),
    stiff: array(stiff, { shape: [count, side, side] }),
    load: array(load, { shape: [count, 3] }),
  };
}

/** Displacements and stresses of each pixel, one after the other. */
export function joined({
  displacement,
  stress,
}: { readonly [K in keyof Fields]: Pick<HostArray, "data"> }): Float64Array {
  return Float64Array.from({ length: (displacement.data.length / 2) * 5 }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / 5), i % 5];
    return channel < 2 ? displacement.data[2 * pixel + channel]! : stress.data[3 * pixel + channel - 2]!;
  });
}

/** Some of the cells. */
export function someRows({ data, shape, dtype }: HostArray, rows: readonly number[]): HostArray {
  const size = data.length / shape[0]!;
  const taken = new (data.constructor as Float64ArrayConstructor)(rows.length * size);
  for (const [i, row] of rows.entries())
    taken.set((data as Float64Array).subarray(row * size, (row + 1) * size), i * size);
  return { shape: [rows.length, ...shape.slice(1)], dtype, data: taken } as HostArray;
}
