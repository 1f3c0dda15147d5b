// Three data sets with their 20 standard splits, and what is published of them.
import { readFile } from "node:fs/promises";
import { type Dataset, tableDataset, take } from "@hooke/data";
import { readCsv } from "@hooke/data/node";

/** Error and likelihood, mean over the splits and standard error. */
export interface Published {
  readonly method: string;
  readonly rmse: readonly [mean: number, error: number];
  readonly nll: readonly [mean: number, error: number];
}

interface StandardSet {
  readonly folder: string;
  readonly target: string;
  readonly unit: string;
  readonly published: readonly Published[];
}

const concrete = "../concrete/data/";
const others = "../../packages/testkit/data/";

/**
 * Monte Carlo dropout at its best settings, one hidden layer of 50 units: the readme of github.com/yaringal/DropoutUncertaintyExps, "Grid Search (new)", whose likelihoods are
 * log-likelihoods; deep ensembles after 40 epochs: table 1 of Lakshminarayanan, Pritzel and Blundell, NeurIPS 2017, whose errors are standard deviations.
 */
export const sets = {
  concrete: {
    folder: concrete,
    target: "compressive_strength_MPa",
    unit: "MPa",
    published: [
      { method: "dropout, published", rmse: [4.82, 0.16], nll: [2.93, 0.02] },
      { method: "ensemble, published", rmse: [6.03, 0.58], nll: [3.06, 0.18] },
    ],
  },
  energy: {
    folder: others,
    target: "heating_load_kWh_m2",
    unit: "kWh/m2",
    published: [
      { method: "dropout, published", rmse: [0.54, 0.06], nll: [1.21, 0.01] },
      { method: "ensemble, published", rmse: [2.09, 0.29], nll: [1.38, 0.22] },
    ],
  },
  yacht: {
    folder: others,
    target: "residuary_resistance",
    unit: "",
    published: [
      { method: "dropout, published", rmse: [0.67, 0.05], nll: [1.25, 0.01] },
      { method: "ensemble, published", rmse: [1.58, 0.48], nll: [1.18, 0.21] },
    ],
  },
} satisfies Readonly<Record<string, StandardSet>>;

export type SetName = keyof typeof sets;

/** A data set, and the test rows of its splits. */
export async function loadSet(
  name: SetName,
): Promise<{ readonly data: Dataset; readonly splits: readonly (readonly number[])[] }> {
  const { folder, target } = sets[name];
  const at = (file: string): URL => new URL(`${folder}${file}`, import.meta.url);
  return {
    data: tableDataset(await readCsv(at(`${name}.csv`)), { target }),
    splits: JSON.parse(await readFile(at(`${name}.splits.json`), "utf8")).test,
  };
}

/** A data set without and with the rows of a split. */
export function holdOut(
  data: Dataset,
  testRows: readonly number[],
): { readonly train: Dataset; readonly test: Dataset } {
  const held = new Set(testRows);
  const rest = Array.from({ length: data.count }, (_, row) => row).filter((row) => !held.has(row));
  return { train: take(data, rest), test: take(data, testRows) };
}
