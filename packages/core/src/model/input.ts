// What a model is given: the shape of one row, and where it matters the dtype and what comes along with the input.
import {
  type Aval,
  type Check,
  checkArgument,
  type DType,
  full,
  isFloat,
  isTensor,
  type Shape,
  type Tensor,
} from "@hooke/runtime";
import type { Extras } from "./extras.ts";

/** An array of one row: without the batch dimension. */
export interface RowSpec {
  readonly shape: Shape;
  /** Default: that of the parameters. */
  readonly dtype?: DType;
}

/** One row of inputs. */
export interface InputSpec extends RowSpec {
  /** One row of each extra that layers read. Default none. */
  readonly extras?: Readonly<Record<string, RowSpec>>;
}

/** One row of inputs, without the batch dimension: a shape, or more where layers take integers or extras. */
export type InputShape = Shape | InputSpec;

/** Expects {@link InputShape}. */
export const inputCheck: Check = (value) => {
  const shape: unknown = Array.isArray(value)
    ? value
    : (value as { readonly shape?: unknown } | null | undefined)?.shape;
  return Array.isArray(shape) && shape.every((size) => Number.isSafeInteger(size) && size >= 0)
    ? undefined
    : "the shape of one row, such as [10], or { shape, dtype, extras }";
};

/** Expects a tensor: what layers are applied to. */
export const tensorCheck: Check = (value) =>
  isTensor(value) ? undefined : "a tensor, as layers get it while recording";

const batchCheck: Check = (value) =>
  Array.isArray((value as Partial<Aval> | null | undefined)?.shape) ? undefined : "an array, [batch, ...]";

/** The spec that a shape stands for. */
export function inputSpec(input: InputShape): InputSpec {
  return "shape" in input ? input : { shape: input };
}

/** A batch of one row of zeros, while recording: what layers are applied to when only shapes matter. */
export function exampleBatch(input: InputShape, dtype: "f32" | "f64"): { readonly x: Tensor; readonly extras: Extras } {
  // What is recorded in f64 gets f64 rows, whatever width they were stored with.
  const row = (spec: RowSpec): Tensor =>
    full([1, ...spec.shape], 0, spec.dtype === undefined || isFloat(spec.dtype) ? dtype : spec.dtype);
  const { extras = {}, ...spec } = inputSpec(input);
  return {
    x: row(spec),
    extras: Object.fromEntries(Object.entries(extras).map(([name, extra]) => [name, row(extra)])),
  };
}

/**
 * One row of these batches, in its shortest form: what `init` and `summary` take for a dataset.
 *
 * @param inputs `[batch, ...]`
 * @param extras `[batch, ...]` each. Default none
 */
export function inputShapeOf(inputs: Aval, extras: Readonly<Record<string, Aval>> = {}): InputShape {
  for (const rows of [inputs, ...Object.values(extras ?? {})])
    checkArgument("inputShapeOf", "a batch", rows, batchCheck);
  const row = ({ shape, dtype }: Aval): RowSpec => ({ shape: shape.slice(1), ...(!isFloat(dtype) && { dtype }) });
  const names = Object.keys(extras).sort();
  const spec = row(inputs);
  if (names.length === 0) return spec.dtype === undefined ? spec.shape : spec;
  return { ...spec, extras: Object.fromEntries(names.map((name) => [name, row(extras[name]!)])) };
}
