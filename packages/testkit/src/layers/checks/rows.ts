// Rows are independent in inference: what a row gives does not depend on the rows beside it.
import { predict, type TrainedModel } from "@hooke/core";
import type { HostArray } from "@hooke/runtime";
import { difference } from "../../compare.ts";
import { batchOf, type LayerCheck, rows, type Setup, setUp } from "../case.ts";

type Batch = Pick<Setup, "x" | "extras">;

/** Each row keeps its bits among other rows, and its values alone, where other kernels may add in another order. */
export const rowByRow: LayerCheck = async (entry, { backend }) => {
  const { variables, ...batch } = await setUp(entry, backend);
  const model: TrainedModel = { layer: entry.layer, inputShape: entry.input, variables };
  const others = batchOf(entry, "f32", 2);
  const outputs = ({ x, extras }: Batch): Promise<HostArray> => predict(model, x, { backend, extras });
  const expected = await outputs(batch);
  const problems: string[] = [];
  for (let row = 0; row < rows; row++) {
    const truth = rowOf(expected, row);
    const among = rowOf(await outputs(zip(batch, others, (own, other) => withRow(other, own, row))), row);
    const alone = await outputs(zip(batch, batch, (own) => rowOf(own, row)));
    const changed = difference(among, truth);
    if (changed !== undefined) problems.push(`with other rows beside it, row ${row} ${changed}`);
    const differs = difference(alone, truth, { relative: 1e-4, magnitude: "largest or 1" });
    if (differs !== undefined) problems.push(`alone, row ${row} ${differs}`);
  }
  return problems;
};

function zip(a: Batch, b: Batch, fn: (a: HostArray, b: HostArray) => HostArray): Batch {
  const extras = Object.entries(a.extras).map(([name, own]) => [name, fn(own, b.extras[name]!)] as const);
  return { x: fn(a.x, b.x), extras: Object.fromEntries(extras) };
}

function rowOf({ shape, dtype, data }: HostArray, row: number): HostArray {
  const size = data.length / rows;
  return { shape: [1, ...shape.slice(1)], dtype, data: data.slice(row * size, (row + 1) * size) };
}

function withRow(others: HostArray, own: HostArray, row: number): HostArray {
  const data = others.data.slice();
  const size = data.length / rows;
  data.set(own.data.subarray(row * size, (row + 1) * size), row * size);
  return { ...others, data };
}
