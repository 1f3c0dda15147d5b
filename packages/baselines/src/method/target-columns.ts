// The targets of a dataset as columns of a table: numbers under their names, labels by the names of their classes.
import type { Dataset } from "@hooke/data";

export function targetColumns({
  targets,
  targetNames,
  classes,
  count,
}: Dataset): Record<string, Float64Array | string[]> {
  const width = targets.data.length / count;
  const columns: Record<string, Float64Array | string[]> = {};
  for (let c = 0; c < width; c++) {
    const values = Float64Array.from({ length: count }, (_, row) => targets.data[row * width + c]!);
    columns[targetNames[c]!] = classes === undefined ? values : Array.from(values, (label) => classes[label] ?? "");
  }
  return columns;
}
