// The comparison: sharpness and errors by batch size and rate, over several seeds.
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { minimum, type Setting } from "./minima.ts";

export interface Settings extends Omit<Setting, "rate" | "batch" | "seed"> {
  readonly rates: readonly number[];
  /** The largest is all rows. */
  readonly batches: readonly number[];
  readonly seeds: number;
}

export const full: Settings = {
  ...{ trainRows: 100, testRows: 1000, noise: 0.5, width: 32, updates: 20_000 },
  ...{ rates: [0.02, 0.05, 0.1], batches: [4, 10, 25, 100], seeds: 10 },
};

export const small: Settings = { ...full, updates: 2000, rates: [0.1], batches: [4, 100], seeds: 2 };

/** Of one training, at its end: the largest eigenvalue, and root mean squares of errors. */
export interface End {
  readonly sharpness: number;
  readonly train: number;
  readonly test: number;
}

/** Trainings of one rate and batch size, by seed. */
export interface Found {
  readonly rate: number;
  readonly batch: number;
  readonly ends: readonly End[];
}

async function endOf(backend: Backend, setting: Setting, signal: AbortSignal): Promise<End> {
  for await (const { sharpness, train, test } of minimum(backend, setting, { looks: 1, signal })) {
    return { sharpness: sharpness.eigenvalue, train: Math.sqrt(train), test: Math.sqrt(test) };
  }
  throw signal.reason;
}

/**
 * @param run keeps what is finished. Default: nothing is kept
 * @param watch called when trainings of a rate and batch size are done; `completed` of `total`
 */
export async function study(
  backend: Backend,
  { rates, batches, seeds, ...setting }: Settings,
  run: RunTrial = runDirectly,
  watch: (completed: number, total: number) => void = () => {},
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const rate of rates) {
    for (const batch of batches) {
      const ends = await run(`rate ${rate}, batches of ${batch}`, async (signal) => {
        const all: End[] = [];
        for (let seed = 0; seed < seeds; seed++)
          all.push(await endOf(backend, { ...setting, rate, batch, seed }, signal));
        return all;
      });
      found.push({ rate, batch, ends });
      watch(found.length, rates.length * batches.length);
    }
  }
  return found;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
};
