// Preprocessing as part of a program, in f64 as outside of it.
import type { Preprocessing, Transform } from "@hooke/data";
import { add, array, convert, div, exp, log, mul, select, sub, type Tensor } from "@hooke/runtime";

/** Inputs in the units of the data, f64, `[rows, ..., inputs]`, to what the model takes. */
export const transformed = ({ inputs, inputNames }: Preprocessing, x: Tensor): Tensor =>
  inputs.reduce((values, transform) => forward(transform, values, inputNames), x);

/** What the model yields, to the units of the data, f64. */
export function restored({ targets, targetNames }: Preprocessing, y: Tensor): Tensor {
  if (targets.length === 0) return y;
  return targets.reduceRight((values, transform) => backward(transform, values, targetNames), convert(y, "f64"));
}

function forward(transform: Transform, x: Tensor, names: readonly string[]): Tensor {
  if (transform.type !== "log") {
    const [offset, scale] = columnsOf(transform, x, names);
    return div(sub(x, offset), scale);
  }
  const chosen = chosenOf(transform, x, names);
  return select(chosen, log(select(chosen, x, 1)), x);
}

function backward(transform: Transform, y: Tensor, names: readonly string[]): Tensor {
  if (transform.type !== "log") {
    const [offset, scale] = columnsOf(transform, y, names);
    return add(mul(y, scale), offset);
  }
  const chosen = chosenOf(transform, y, names);
  return select(chosen, exp(select(chosen, y, 0)), y);
}

/** Numbers, one a column, as an array that repeats along the rows; one alone where rows are numbers. */
const perColumn = ({ shape }: Tensor, numbers: readonly number[]) =>
  shape.length === 1 ? array(numbers[0]!, { dtype: "f64" }) : array([...numbers], { dtype: "f64" });

/** What is taken from every column, and what it is divided by: 1 where there is no spread. */
function columnsOf(transform: Exclude<Transform, { type: "log" }>, x: Tensor, names: readonly string[]) {
  const offsets = names.map((name) => {
    const column = transform.columns.indexOf(name);
    if (column < 0) return [0, 1] as const;
    if (transform.type === "standardize") return [transform.mean[column]!, transform.std[column]! || 1] as const;
    return [transform.min[column]!, transform.max[column]! - transform.min[column]! || 1] as const;
  });
  return [0, 1].map((part) =>
    perColumn(
      x,
      offsets.map((pair) => pair[part]!),
    ),
  ) as [ReturnType<typeof perColumn>, ReturnType<typeof perColumn>];
}

function chosenOf({ columns }: Transform, x: Tensor, names: readonly string[]) {
  const { shape, data } = perColumn(
    x,
    names.map((name) => (columns.includes(name) ? 1 : 0)),
  );
  return { shape, dtype: "bool" as const, data: Uint8Array.from(data) };
}
