// What identified numbers are worth: how far from the truth, and how often within their intervals.
import { wasmBackend } from "@hooke/backend-wasm";
import type { Solved } from "@hooke/pinn";
import type { Backend } from "@hooke/runtime";
import type { Training } from "./training.ts";
import { type Watch, watched } from "./watch.ts";

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

/** What {@link coverage} runs. */
export interface Identification<Size extends Pick<Training, "steps">, Name extends string> {
  readonly settings: Size;
  readonly truth: Readonly<Record<Name, number>>;
  /** How many. */
  readonly seeds: number;
  readonly identify: (backend: Backend, settings: Size, seed: number, watch: Watch) => Promise<Solved>;
  /** Ends it: seeds that it did not stop are summed up. */
  readonly signal?: AbortSignal;
}

/**
 * Identifies with many seeds; prints the report of the first, numbers and intervals of all, and how often these hold the truth.
 *
 * @throws the signal's reason where that ended it
 */
export async function coverage<Size extends Pick<Training, "steps">, Name extends string>({
  settings,
  truth,
  seeds,
  identify,
  signal,
}: Identification<Size, Name>): Promise<void> {
  if (!(Number.isSafeInteger(seeds) && seeds > 0)) throw new Error(`--seeds is ${seeds}; give a whole number from 1.`);
  const backend = wasmBackend();
  const all: Record<Name, Outcome>[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    const solved = await watched(`seed ${seed}`, settings, signal, (watch) => identify(backend, settings, seed, watch));
    if (seed === 0 || signal?.aborted) console.log(`${solved.report}\n`);
    if (signal?.aborted) break;
    const found = outcomes(solved, truth);
    all.push(found);
    const parts = Object.entries<Outcome>(found).map(
      ([name, { value, low95, high95, covered }]) =>
        `${name} ${value.toFixed(5)} [${low95.toFixed(5)}, ${high95.toFixed(5)}]${covered ? "" : " misses"}`,
    );
    console.log(`seed ${seed}: ${parts.join("  ")}`);
  }
  if (all.length > 0) console.log(`\n${summary(all)}`);
  signal?.throwIfAborted();
}
