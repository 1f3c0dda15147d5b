// The table and the options of `advise` from the settings: the same in every worker.
import { columnNames, type Table } from "@hooke/data";
import type { AdviseOptions } from "@hooke/model-advisor";
import type { Work } from "@hooke/runtime";
import { backendFor } from "../../backends/registry.ts";
import { columnsOf } from "../../data/fields.ts";
import { loadFile } from "../../data/files.ts";
import { tableOfFile } from "../../data/reading.ts";
import type { Settings } from "./settings.ts";

/** What a Gaussian process computes while it learns from some hundred rows, in the 64 bits that it needs. */
export const work: Work = {
  primitives: { count: 2000, bytes: 1.5e8 },
  kernels: { count: 400, bytes: 1e8 },
  operations: 2e8,
  dtypes: ["f64"],
};

export async function prepared(
  settings: Settings,
): Promise<{ readonly table: Table; readonly options: AdviseOptions }> {
  const { data, target, groups, purpose, readable, seconds, seed } = settings;
  const [file, backend] = await Promise.all([loadFile(data), backendFor(settings.backend, work)]);
  const table = tableOfFile(file, settings);
  const left = new Set([...columnsOf(settings.left), target, groups]);
  const inputs = columnNames(table).filter((name) => !left.has(name));
  const names = columnsOf(settings.names).filter((name) => inputs.includes(name));
  return {
    table,
    options: {
      ...{ target, readable, seed, backend, budget: { seconds } },
      ...(settings.left !== "" && { inputs }),
      ...(names.length > 0 && { categories: names }),
      ...(groups !== "" && { groups }),
      ...(purpose !== "auto" && { purpose }),
    },
  };
}
