// The study: every method on the splits of every set.
import type { Backend } from "@hooke/runtime";
import { type RunTrial, runDirectly } from "@hooke/sweep";
import { judge, type MethodName, methodNames, type Result, type Settings } from "./methods.ts";
import { holdOut, loadSet, type SetName, sets } from "./sets.ts";

export const full: Settings = {
  dropoutEpochs: 1200,
  rates: [0.005, 0.01, 0.05],
  samples: 200,
  epochs: 400,
  splits: 20,
  seed: 0,
};

export const small: Settings = { ...full, dropoutEpochs: 10, rates: [0.01, 0.05], samples: 8, epochs: 20, splits: 1 };

/** Results of a method on a set, one for each split. */
export interface Found {
  readonly set: SetName;
  readonly method: MethodName;
  readonly results: readonly Result[];
}

/**
 * @param watch called after every split of a method
 * @param names default all sets
 */
export async function study(
  backend: Backend,
  settings: Settings,
  run: RunTrial = runDirectly,
  watch: (completed: number, total: number, what: string) => void = () => {},
  names = Object.keys(sets) as SetName[],
): Promise<Found[]> {
  const found: Found[] = [];
  const total = names.length * methodNames.length * settings.splits;
  let completed = 0;
  for (const set of names) {
    const { data, splits } = await loadSet(set);
    for (const method of methodNames) {
      const results: Result[] = [];
      for (const [i, testRows] of splits.slice(0, settings.splits).entries()) {
        const parts = holdOut(data, testRows);
        results.push(
          await run(`${set}, ${method}, split ${i + 1}`, (signal) =>
            judge(method, { backend, settings, signal, ...parts }),
          ),
        );
        watch(++completed, total, `${set}, ${method}`);
      }
      found.push({ set, method, results });
    }
  }
  return found;
}
