// The data: few noisy samples of a function of ten variables of which four matter, y = x0^2 + x1 x2 - x3 + noise.
import { type Dataset, dataset } from "@hooke/data";
import { add, type Backend, fold, type Key, mul, normal, randomKey, run, sliceAxis, square, sub } from "@hooke/runtime";

/** Standard deviation of the noise; that of the function itself is 2. */
export const noise = 1;

/**
 * Standard normal inputs `[rows, 10]` and targets `[rows, 1]`.
 *
 * @param deviation of the noise; 0 for a test, so that a perfect model has an error of 0
 */
export async function samples(backend: Backend, rows: number, seed: number, deviation: number): Promise<Dataset> {
  const draw = (key: Key) => {
    const inputs = normal(fold(key, "inputs"), [rows, 10]);
    const column = (i: number) => sliceAxis(inputs, 1, i, i + 1);
    const signal = sub(add(square(column(0)), mul(column(1), column(2))), column(3));
    return { inputs, targets: add(signal, mul(deviation, normal(fold(key, "noise"), [rows, 1]))) };
  };
  return dataset(await run(backend, draw, randomKey(seed)));
}
