// What identified numbers are worth: how far from the truth, and how often within their intervals.
import type { Solved } from "@hooke/pinn";

/** One number of one solution. */
export interface Outcome {
  readonly value: number;
  readonly low95: number;
  readonly high95: number;
  /** Magnitude of the error in terms of the truth. */
  readonly error: number;
  /** Whether the truth lies in the interval. */
  readonly covered: boolean;
}

/** Compares identified numbers with the truth. */
export function outcomes<Name extends string>(
  { identified }: Pick<Solved, "identified">,
  truth: Readonly<Record<Name, number>>,
): Record<Name, Outcome> {
  const entries = Object.entries<number>(truth).map(([name, right]) => {
    const { value, low95, high95 } = identified[name]!;
    if (low95 === undefined || high95 === undefined) throw new Error(`"${name}" has no interval.`);
    const covered = low95 <= right && right <= high95;
    return [name, { value, low95, high95, error: Math.abs(value / right - 1), covered }] as const;
  });
  return Object.fromEntries(entries) as Record<Name, Outcome>;
}

/** A line for each number: covered seeds, and errors in percent. */
export function summary<Name extends string>(all: readonly Record<Name, Outcome>[]): string {
  return Object.keys(all[0]!)
    .map((name) => {
      const own = all.map((each) => each[name as Name]);
      const errors = own.map(({ error }) => 100 * error).sort((a, b) => a - b);
      const covered = own.filter((each) => each.covered).length;
      const median = errors[Math.floor(errors.length / 2)]!;
      return `${name}: in its interval for ${covered} of ${own.length} seeds; error ${median.toFixed(3)} % (median), ${errors.at(-1)!.toFixed(3)} % (worst)`;
    })
    .join("\n");
}
