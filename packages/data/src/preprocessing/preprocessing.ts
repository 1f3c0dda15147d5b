// Preprocessing: the transforms of inputs and of targets, fitted together on the training part and saved beside the model as JSON.
import { checkArgument, fail, type HostArray, nothingMore, quoted, zeros } from "@hooke/runtime";
import { anyDatasetCheck, datasetCheck, hostArrayCheck, preprocessingCheck } from "../arguments.ts";
import { columnsInOrder } from "../datasets/columns.ts";
import { inPrecision } from "../datasets/precision.ts";
import type { Dataset } from "../datasets/samples.ts";
import { countedSteps, lengthsOf, rowsOfSteps, stepLengths } from "../datasets/sequences.ts";
import { isStreamed, mapRows, type StreamedArray } from "../datasets/streamed-array.ts";
import {
  applyTransform,
  fitTransform,
  invertTransform,
  type RowSource,
  type Transform,
  type TransformSpec,
  transformSlopes,
  transformWarnings,
} from "./transforms.ts";

/** The columns of a training, and transforms fitted to them, applied in order. Plain JSON. */
export interface Preprocessing {
  /** Empty where the model knows no names of its inputs, such as channels of images: any are taken, in the order they have. */
  readonly inputNames: readonly string[];
  readonly targetNames: readonly string[];
  readonly inputs: readonly Transform[];
  readonly targets: readonly Transform[];
  /** Categories of one-hot columns, for reading new tables alike. */
  readonly categories: Readonly<Record<string, readonly string[]>>;
  /** What labels stand for, where targets are classes; for reading new tables alike. */
  readonly classes?: readonly string[];
}

export interface PreprocessingOptions {
  /** Default none. */
  readonly inputs?: TransformSpec | readonly TransformSpec[];
  /** Default none. */
  readonly targets?: TransformSpec | readonly TransformSpec[];
}

/**
 * Fits transforms to the training part. Each is fitted to what the ones before it produce. Of sequences with `lengths` only the
 * steps that count are looked at.
 *
 * A column that is constant in the training part is not scaled: {@link warningsOf} names it.
 *
 * @throws on values a logarithm does not take, unknown column names
 * @example
 * ```ts
 * import { fitPreprocessing, logTransform, parseCsv, preprocess, standardize, tableDataset } from "@hooke/data";
 *
 * const table = parseCsv("water,age_days,strength\n162,1,20\n228,100,40");
 * const train = tableDataset(table, { target: "strength" });
 * const preprocessing = fitPreprocessing(train, {
 *   inputs: [logTransform({ columns: ["age_days"] }), standardize()],
 *   targets: standardize(),
 * });
 * console.log(preprocess(preprocessing, train).targets.data); // Float64Array(2) [ -1, 1 ]
 * ```
 */
export function fitPreprocessing(train: Dataset, options: PreprocessingOptions): Preprocessing {
  checkArgument("fitPreprocessing", "the training part", train, datasetCheck);
  checkArgument("fitPreprocessing", "the transforms", options, (value) =>
    typeof value === "object" && value !== null ? undefined : "{ inputs, targets }, such as { inputs: standardize() }",
  );
  const { targetNames, inputNames } = train;
  return {
    ...withoutTransforms(train),
    inputs: fitChain(options.inputs, train.inputs, inputNames, train, lengthsOf(train.extras)),
    targets: fitChain(
      ...([options.targets, train.targets, targetNames, train] as const),
      stepLengths(train.targets, train.inputs, train.extras),
    ),
  };
}

/** Preprocessing that changes no number: it knows the columns, categories and classes of a training part. */
export function withoutTransforms({
  inputNames,
  targetNames,
  categories,
  classes,
}: Pick<Dataset, "inputNames" | "targetNames" | "categories" | "classes">): Preprocessing {
  return { inputNames, targetNames, inputs: [], targets: [], categories, ...(classes && { classes }) };
}

/**
 * A dataset with its columns in the order of the training part.
 *
 * @throws if its columns or classes are not those of the training part
 */
export function alignColumns<Inputs extends HostArray | StreamedArray>(
  preprocessing: Preprocessing,
  data: Dataset<Inputs>,
): Dataset<Inputs> {
  checkArgument("alignColumns", "the preprocessing", preprocessing, preprocessingCheck);
  checkArgument("alignColumns", "the data", data, anyDatasetCheck);
  const { inputNames, targetNames } = preprocessing;
  const { source, classes } = data;
  const known = preprocessing.classes;
  if (known !== undefined && classes !== undefined && known.join("\n") !== classes.join("\n")) {
    fail(
      source,
      `has the classes ${quoted(classes)}, the model was trained with ${quoted(known)}; read the data with classes: model.preprocessing.classes.`,
      "mismatch",
    );
  }
  return {
    ...data,
    inputs: alignInputs(preprocessing, data),
    targets: columnsInOrder({ part: "targets", values: data.targets, names: data.targetNames, source }, targetNames),
    inputNames: inputNames.length === 0 ? data.inputNames : inputNames,
    targetNames,
  };
}

/** The inputs of a dataset, `[rows, ..., inputs]`, as {@link alignColumns} puts them. */
export function alignInputs<Inputs extends HostArray | StreamedArray>(
  { inputNames }: Preprocessing,
  { inputs, inputNames: names, source }: Pick<Dataset<Inputs>, "inputs" | "inputNames" | "source">,
): Inputs {
  if (inputNames.length === 0) return inputs;
  return mapRows(inputs, (values) => columnsInOrder({ part: "inputs", values, names, source }, inputNames));
}

/**
 * A dataset with transformed inputs and targets, its columns in the order of the training part.
 *
 * @throws if its columns are not those of the training part
 */
export function preprocess<Inputs extends HostArray | StreamedArray>(
  preprocessing: Preprocessing,
  data: Dataset<Inputs>,
): Dataset<Inputs> {
  checkArgument("preprocess", "the preprocessing", preprocessing, preprocessingCheck);
  checkArgument("preprocess", "the data", data, anyDatasetCheck);
  const { targets, targetNames } = preprocessing;
  const aligned = alignColumns(preprocessing, data);
  return {
    ...aligned,
    inputs: preprocessInputs(preprocessing, aligned.inputs, data),
    targets: targets.reduce(
      (values, transform) => applyTransform(transform, values, targetNames, data),
      aligned.targets,
    ),
  };
}

/** Transformed inputs, `[..., inputs]`: for predicting on new data. */
export function preprocessInputs<Inputs extends HostArray | StreamedArray>(
  preprocessing: Preprocessing,
  inputs: Inputs,
  where: RowSource = {},
): Inputs {
  checkArgument("preprocessInputs", "the preprocessing", preprocessing, preprocessingCheck);
  if (!isStreamed(inputs)) checkArgument("preprocessInputs", "the inputs", inputs, hostArrayCheck);
  return mapRows(inputs, (rows, numbers) =>
    preprocessing.inputs.reduce<HostArray>(
      (values, transform) =>
        applyTransform(transform, values, preprocessing.inputNames, numbers ? { ...where, rowOfStep: numbers } : where),
      rows,
    ),
  );
}

/** Predictions or targets, `[..., targets]`, back in their units: in f64 where anything is undone, which has room for large offsets. */
export function restoreTargets(preprocessing: Preprocessing, values: HostArray, ...more: []): HostArray {
  nothingMore("restoreTargets", more);
  checkArgument("restoreTargets", "the preprocessing", preprocessing, preprocessingCheck);
  const { targets, targetNames } = preprocessing;
  checkArgument("restoreTargets", "the targets", values, hostArrayCheck);
  if (targets.length === 0) return values;
  return targets.reduceRight(
    (restored, transform) => invertTransform(transform, restored, targetNames),
    inPrecision(values, "f64", "restoreTargets"),
  );
}

/**
 * How strongly {@link preprocessInputs} stretches each input: its derivative, f64. Slopes in preprocessed inputs times these are slopes in the
 * units of the data.
 *
 * @param inputs `[..., inputs]`, in the units of the data
 */
export function inputSlopes(preprocessing: Preprocessing, inputs: HostArray): HostArray {
  checkArgument("inputSlopes", "the preprocessing", preprocessing, preprocessingCheck);
  checkArgument("inputSlopes", "the inputs", inputs, hostArrayCheck);
  const { inputs: transforms, inputNames } = preprocessing;
  return slopesThrough(transforms, inputs, inputNames);
}

/**
 * How strongly {@link restoreTargets} stretches each target: its derivative, f64. Slopes of a model's output times these are slopes in the
 * unit of the target.
 *
 * @param values `[..., targets]`, as the model gives them
 */
export function targetSlopes(preprocessing: Preprocessing, values: HostArray): HostArray {
  checkArgument("targetSlopes", "the preprocessing", preprocessing, preprocessingCheck);
  checkArgument("targetSlopes", "the targets", values, hostArrayCheck);
  const { targets, targetNames } = preprocessing;
  const slopes = slopesThrough(targets, restoreTargets(preprocessing, values), targetNames);
  for (let i = 0; i < slopes.data.length; i++) slopes.data[i] = 1 / slopes.data[i]!;
  return slopes;
}

function slopesThrough(transforms: readonly Transform[], values: HostArray, names: readonly string[]): HostArray {
  const slopes = zeros(values.shape, "f64");
  slopes.data.fill(1);
  let current = values;
  for (const transform of transforms) {
    const { data } = transformSlopes(transform, current, names);
    for (let i = 0; i < data.length; i++) slopes.data[i]! *= data[i]!;
    current = applyTransform(transform, current, names);
  }
  return slopes;
}

/** What deserves a look in the data of a training, a sentence each: text that is not used, and what {@link warningsOf} finds. */
export function trainingWarnings(
  { source, unusedColumns = [] }: Pick<Dataset, "source" | "unusedColumns">,
  preprocessing: Preprocessing,
): string[] {
  const names = quoted(unusedColumns);
  const unused = `${source}: the text in ${names} is not used; oneHot makes inputs of it.`;
  return [...(unusedColumns.length > 0 ? [unused] : []), ...warningsOf(preprocessing)];
}

/**
 * What fitted preprocessing found that deserves a look, a sentence each: columns that are constant in the training part. `fit`
 * returns them as `warnings`.
 */
export function warningsOf(preprocessing: Preprocessing): string[] {
  checkArgument("warningsOf", "the preprocessing", preprocessing, preprocessingCheck);
  const { inputs, targets } = preprocessing;
  return [...inputs, ...targets].flatMap(transformWarnings);
}

function fitChain(
  specs: TransformSpec | readonly TransformSpec[] = [],
  values: HostArray,
  names: readonly string[],
  data: Dataset,
  lengths: HostArray | undefined,
): Transform[] {
  const where: RowSource = lengths === undefined ? data : { ...data, rowOfStep: rowsOfSteps(lengths) };
  let current = lengths === undefined ? values : countedSteps(values, lengths);
  const scaled = new Set<string>();
  return (Array.isArray(specs) ? (specs as readonly TransformSpec[]) : [specs as TransformSpec]).map((spec, place) => {
    const transform = fitTransform(spec, current, names, where);
    const { type, columns } = transform;
    for (const column of columns) {
      // A logarithm may be taken of a logarithm.
      const once = type === "log" ? `${place} ${column}` : `${type} ${column}`;
      if (scaled.has(once))
        fail(type, `is asked for twice for the column "${column}", where once does it all; leave one out.`);
      scaled.add(once);
    }
    current = applyTransform(transform, current, names, where);
    return transform;
  });
}
