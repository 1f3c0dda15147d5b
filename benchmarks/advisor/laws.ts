// Tables that follow a law, of as many rows as are asked for: what few specimens may well do, and public sets do not.
import { type Random, randomFrom } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { randomKey } from "@hooke/runtime";
import type { AdvisorSet } from "./set.ts";

/** A law of inputs between 0 and 1, and the standard deviation of the noise on it. */
interface Law {
  readonly inputs: number;
  readonly noise: number;
  of(inputs: readonly number[]): number;
}

const laws: Readonly<Record<string, Law>> = {
  line: { inputs: 3, noise: 0.02, of: ([a, b]) => 3 * a! - 2 * b! },
  noisy_line: { inputs: 3, noise: 0.3, of: ([a, b]) => 3 * a! - 2 * b! },
  line_of_five: { inputs: 5, noise: 0.1, of: ([a, b, _, c, d]) => 3 * a! - 2 * b! + c! - 2 * d! },
  parabola: { inputs: 3, noise: 0.05, of: ([a, b, c]) => 3 * a! ** 2 - 2 * a! * b! + c! },
};

export const lawNames: readonly string[] = Object.keys(laws);

/** A table of a law; undefined where there is none of that name. */
export function tableOfLaw(name: string, rows: number): AdvisorSet | undefined {
  const law = laws[name];
  if (law === undefined) return undefined;
  const random = randomFrom(randomKey(0), "law", name);
  const inputs = Array.from({ length: law.inputs }, () => Float64Array.from({ length: rows }, () => random.uniform()));
  const target = Float64Array.from(
    { length: rows },
    (_, row) => law.of(inputs.map((values) => values[row]!)) + law.noise * normal(random),
  );
  const columns = Object.fromEntries(inputs.map((values, i) => [`x${i + 1}`, values]));
  return { name, target: "y", table: tableOf({ ...columns, y: target }) };
}

/** Box and Muller, 1958. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.uniform())) * Math.cos(2 * Math.PI * random.uniform());
