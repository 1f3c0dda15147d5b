// Datasets of sequences as tables, a column for each step: what methods for tables take.
import { type Dataset, datasetCheck, type Table, tableOf } from "@hooke/data";
import { checkArgument, describe, fail } from "@hooke/runtime";
import { targetColumns } from "../method/target-columns.ts";

/**
 * A table of sequences: for each channel a column for each step, `"load 0"`, `"load 1"`, ..., empty behind the end of shorter ones, then the targets
 * under their names; labels by the names of their classes.
 *
 * @param data inputs `[rows, time, channels]` or `[rows, time]`; targets with one row each
 * @throws on other shapes
 * @example
 * ```ts
 * import { sequenceTable } from "@hooke/baselines";
 * import { columnNames, dataset, padSequences } from "@hooke/data";
 * import { array } from "@hooke/runtime";
 *
 * const { inputs, extras } = padSequences([[[1], [2], [3]], [[4], [5]]]);
 * const data = dataset({ inputs, extras, inputNames: ["load"], targets: array([0.2, 0.7]), targetNames: ["damage"] });
 * console.log(columnNames(sequenceTable(data))); // [ 'load 0', 'load 1', 'load 2', 'damage' ]
 * ```
 */
export function sequenceTable(data: Dataset): Table {
  const who = "sequenceTable";
  checkArgument(who, "the data", data, datasetCheck);
  const { inputs, targets, extras, inputNames, count, source } = data;
  const [, time = 0, channels = 1] = inputs.shape;
  if (inputs.shape.length < 2 || inputs.shape.length > 3 || targets.shape.length > 2) {
    const cure = "inputs are [rows, time, channels] or [rows, time], targets have one row for each";
    fail(who, `received inputs ${describe(inputs)} and targets ${describe(targets)}; ${cure}.`, "mismatch");
  }
  const lengths = Object.hasOwn(extras, "lengths") ? extras.lengths!.data : undefined;
  const names = inputs.shape.length === 3 ? inputNames : ["step"];
  const columns: Record<string, Float64Array> = {};
  for (let c = 0; c < channels; c++) {
    for (let t = 0; t < time; t++) {
      columns[`${names[c]} ${t}`] = Float64Array.from({ length: count }, (_, row) =>
        lengths !== undefined && t >= lengths[row]! ? Number.NaN : inputs.data[(row * time + t) * channels + c]!,
      );
    }
  }
  return tableOf({ ...columns, ...targetColumns(data) }, { source });
}
