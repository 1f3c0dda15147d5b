// Classes: labels numbered from 0, the names they stand for, and the names of what a model predicts.
import { array, checkArgument, describe, fail, type HostArray, nothingMore, quoted } from "@hooke/runtime";
import { datasetCheck, hostArrayCheck } from "../arguments.ts";
import { predictedLabels } from "../metrics/labels.ts";
import type { Preprocessing } from "../preprocessing/preprocessing.ts";
import { rowName } from "./row-name.ts";
import type { Dataset } from "./samples.ts";

/** @throws on names that are not distinct, targets that are not whole numbers, and on the first label without a name */
export function checkClasses(source: string, classes: readonly string[], targets: HostArray, rows: LabelRows): void {
  if (classes.length === 0 || new Set(classes).size !== classes.length) {
    fail(source, `received the classes ${quoted(classes)}; give each class a name of its own.`, "invalid-data");
  }
  checkLabelDType(source, "classes", targets);
  checkLabels(source, targets, classes.length, rows);
}

/** @throws on targets that are not whole numbers, where `what` says that they are labels */
export function checkLabelDType(source: string, what: string, targets: HostArray): void {
  if (targets.dtype === "i32" || targets.dtype === "u32") return;
  const cure = 'labels are whole numbers: array(labels, { dtype: "i32" })';
  fail(source, `received ${what} and targets ${describe(targets)}; ${cure}.`, "mismatch");
}

/** What labels are read with: the lines of their rows, and the label that stands for no class. */
export type LabelRows = Pick<Dataset, "lines" | "ignoreLabel">;

/** @throws with the code `invalid-data` on the first label that is neither from 0 to `count - 1` nor ignored, naming its row */
export function checkLabels(source: string, targets: HostArray, count: number, rows: LabelRows): void {
  const { data, shape } = targets;
  const { lines, ignoreLabel } = rows;
  const at = data.findIndex((label: number) => (label < 0 || label >= count) && label !== ignoreLabel);
  if (at < 0) return;
  const row = rowName(Math.floor(at / (data.length / shape[0]!)), lines);
  const range = `${count} classes are numbered from 0 to ${count - 1}`;
  const cure =
    ignoreLabel === undefined ? " Where a label means that the class is not known, give it as ignoreLabel." : "";
  fail(source, `${row} holds the label ${data[at]}; ${range}.${cure}`, "invalid-data");
}

/**
 * The names of the classes a model predicts.
 *
 * @param model trained on data with `classes`
 * @param predictions logits or probabilities `[rows, classes]`, or logits `[rows]` or `[rows, 1]` of the second of two classes
 * @throws if the model knows no classes, or predictions have another number of them
 * @example
 * ```ts
 * import { classesOf, parseCsv, fitPreprocessing, tableDataset } from "@hooke/data";
 * import { dense, initialize, predict } from "@hooke/core";
 * import { referenceBackend } from "@hooke/runtime";
 *
 * const data = tableDataset(parseCsv("load,result\n1,ok\n9,broken"), { target: "result" });
 * const backend = referenceBackend();
 * const layer = dense({ units: 2 });
 * const variables = await initialize(backend, layer, [1], 0);
 * const model = { layer, inputShape: [1], variables, preprocessing: fitPreprocessing(data, {}) };
 * console.log(data.classes, classesOf(model, await predict(model, data, { backend })).length); // [ 'broken', 'ok' ] 2
 * ```
 */
export function classesOf(
  model: { readonly preprocessing?: Preprocessing },
  predictions: HostArray,
  ...more: []
): string[] {
  nothingMore("classesOf", more);
  checkArgument("classesOf", "the model", model, (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? undefined
      : "a trained model, such as the .model that fit returns",
  );
  checkArgument("classesOf", "the predictions", predictions, hostArrayCheck);
  const classes = model.preprocessing?.classes;
  if (classes === undefined) {
    return fail("classesOf", "the model knows no classes; train it on a dataset with classes.", "mismatch");
  }
  const columns = predictions.shape.length > 1 ? predictions.shape.at(-1)! : 1;
  if (columns !== classes.length && !(columns === 1 && classes.length === 2)) {
    fail("classesOf", `received ${describe(predictions)} for the classes ${quoted(classes)}.`, "mismatch");
  }
  return Array.from(predictedLabels("classesOf", predictions), (label) => classes[label]!);
}

/**
 * What each row counts where all classes are to count the same, `f32[rows]`: `rows / (classes * rows of its class)`, over the
 * classes that occur, as scikit-learn's `class_weight="balanced"`; 0 for rows of the dataset's `ignoreLabel`. For the
 * `sampleWeights` of a training; take them of its training part alone.
 *
 * They make the same loss as `crossEntropy({ classWeights })` with these numbers by class. `sampleWeights` go with any loss and
 * may say more about rows than their class; `classWeights` weigh labels of steps and pixels, too, and the validation's loss.
 *
 * @param train with labels `[rows]`, i32 or u32, as targets
 * @example
 * ```ts
 * import { balancedWeights, dataset } from "@hooke/data";
 * import { array } from "@hooke/runtime";
 *
 * const targets = array([0, 0, 0, 1], { dtype: "i32" });
 * const train = dataset({ inputs: array([[1], [2], [3], [4]]), targets });
 * console.log(balancedWeights(train).data.at(-1)); // 2
 * ```
 */
export function balancedWeights(train: Dataset, ...more: []): HostArray {
  nothingMore("balancedWeights", more);
  checkArgument("balancedWeights", "the training part", train, datasetCheck);
  const { targets, source, ignoreLabel } = train;
  const { dtype, shape, data } = targets;
  if ((dtype !== "i32" && dtype !== "u32") || shape.length !== 1) {
    fail(source, `received targets ${describe(targets)} to balance; expected labels i32[rows].`, "mismatch");
  }
  const counts = new Map<number, number>();
  let known = 0;
  for (const label of data) {
    if (label === ignoreLabel) continue;
    counts.set(label, (counts.get(label) ?? 0) + 1);
    known++;
  }
  const weightOf = (label: number): number => (label === ignoreLabel ? 0 : known / (counts.size * counts.get(label)!));
  return array(Float32Array.from(data, weightOf));
}
