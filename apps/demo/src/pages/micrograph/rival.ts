// The rival: a classical method on two-point statistics, which know how much there is of a phase and how large its features are.
import { gaussianProcess, randomForest, ridge, twoPointStatistics } from "@hooke/baselines";
import { type Table, tableOf } from "@hooke/data";
import type { Morphology } from "@hooke/example-micrograph-cnn/microstructure.ts";
import type { Backend, HostArray } from "@hooke/runtime";
import { beyondOf } from "./recipe.ts";
import { isClass, kinds, partsOf, type Settings } from "./settings.ts";

/** By distance, from 0 to half an edge, for each image `[rows, side, side, 1]`: `[rows, distances]`, the share of the stiff phase first. */
export async function statisticsOf(
  { data, shape }: HostArray,
  settings: Settings,
  backend: Backend,
): Promise<HostArray> {
  const { periodic } = beyondOf(settings);
  const most = Math.floor(shape[1]! / 2);
  const images = { shape: shape.slice(0, 3), dtype: "f32", data } as const;
  return (await twoPointStatistics(images, { backend, periodic, most })).values;
}

/** Of the methods of @hooke/baselines the best on moduli; the share is a linear function of these statistics. */
const methods = {
  modulus: () => gaussianProcess(),
  fraction: () => ridge(),
  structure: () => randomForest(),
  measured: () => gaussianProcess(),
};

/** Rows of statistics as a table: a column for each distance. */
function tableOfRows(
  { shape, data }: HostArray,
  rows: readonly number[],
  more: Record<string, number[] | string[]>,
): Table {
  const width = shape[1]!;
  const columns = Array.from({ length: width }, (_, j) => rows.map((row) => data[row * width + j]!));
  return tableOf({ ...Object.fromEntries(columns.map((values, j) => [`at ${j} points`, values])), ...more });
}

/**
 * Learns from the statistics of the training rows, and predicts those held out.
 *
 * @param values the property of all rows
 * @throws the signal's reason if it is aborted
 */
export async function rivalPredictions(
  statistics: HostArray,
  values: readonly number[],
  settings: Settings,
  { backend, signal }: { readonly backend: Backend; readonly signal: AbortSignal },
): Promise<number[]> {
  const { train, heldOut } = partsOf(settings);
  // Ratios of moduli count here, too.
  const logarithmic = settings.property === "modulus";
  const known = train.map((row) => (logarithmic ? Math.log(values[row]!) : values[row]!));
  const property = isClass(settings) ? known.map((label) => kinds[label]!) : known;
  const method = methods[settings.property]();
  const fitted = await method.fit(tableOfRows(statistics, train, { property }), "property", {
    ...{ backend, signal, seed: settings.seed },
  });
  const { values: found, classes } = fitted.predict(tableOfRows(statistics, heldOut, {}));
  if (classes) return Array.from(found, (label) => kinds.indexOf(classes[label] as Morphology));
  return Array.from(found, (value) => (logarithmic ? Math.exp(value) : value));
}
