// Advice by some of the candidates alone, for tests of what does not depend on the others: a forest takes most of a small table's time.
import type { Dataset, Table } from "@hooke/data";
import type { FoldWorkers } from "../comparison/measurement.ts";
import { advise } from "./advise.ts";
import { foldMeasurer } from "./fold-measurer.ts";
import type { AdviseOptions } from "./options.ts";

/** Workers that measure the named candidates; the others fail. */
export async function workersFor(
  names: readonly string[],
  data: Table | Dataset,
  options: AdviseOptions,
): Promise<FoldWorkers> {
  const measure = await foldMeasurer(data, options);
  return {
    count: 1,
    measure: async (work) => (names.includes(work.method) ? measure(work) : { ...work, error: "left out" }),
  };
}

/** Advice where lines, of sequences by their features, and guesses alone are measured. */
export async function adviseLines(data: Table | Dataset, options: AdviseOptions) {
  return advise(data, {
    ...options,
    workers: await workersFor(["dummy", "ridge", "features with a line"], data, options),
  });
}
