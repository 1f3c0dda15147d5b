// Programs of functions, as backends receive them.
import { type Aval, type DType, optimize, type Program, record, type Tensor } from "@hooke/runtime";

export type Fn = (...inputs: Tensor[]) => Tensor | readonly Tensor[];
export type Shapes = readonly (readonly number[])[];

export function programOf(fn: Fn, dtype: DType, ...shapes: Shapes): Program {
  const avals = shapes.map((shape): Aval => ({ shape, dtype }));
  return optimize(record(fn as never, ...(avals as never[])).program);
}
