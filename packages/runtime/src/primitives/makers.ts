// Makers of elementwise rules: what functions of one and of two operands have in common. Functions by declaration, since rules
// are made while the operations, which rules and makers use, import them.
import { allocate, type DType, type HostArray, type TypedArray } from "../array.ts";
import { mul } from "../ops/elementwise.ts";
import type { Aval } from "../program.ts";
import type { Tensor } from "../tensor.ts";
import { everything, floats, needAlike, needDType, needInputs, type Types } from "./needs.ts";
import type { PrimitiveName } from "./params.ts";
import type { MaybeTensor, PlainRule } from "./rule.ts";

type Evaluate = (a: number, b: number, dtype: DType) => number;

const zero = (): readonly MaybeTensor[] => [null];

/** Fills an array like `like`. */
export function write(like: Aval, size: number, compute: (i: number) => number): HostArray {
  const data: TypedArray = allocate(like.dtype, size);
  for (let i = 0; i < size; i++) data[i] = compute(i);
  return { shape: like.shape, dtype: like.dtype, data };
}

/** A function of one operand; `derivative` receives the operand and the result, and is null where it is zero. */
export function unary<K extends PrimitiveName>(
  name: K,
  evaluate: (x: number) => number,
  derivative: ((x: Tensor, y: Tensor) => Tensor) | null,
  types: Types = floats,
): PlainRule<K> {
  return {
    outputs(inputs) {
      needInputs(name, inputs, 1);
      needDType(name, inputs[0]!, types);
      return [inputs[0]!];
    },
    jvp: ([x], [y], _, [dx]) => [derivative === null ? null : mul(dx!, derivative(x!, y!))],
    reference: ([x], _, [out]) => [write(out!, x!.data.length, (i) => evaluate(x!.data[i]!))],
  };
}

interface Binary<K extends PrimitiveName> {
  readonly types: Types;
  readonly evaluate: Evaluate;
  /** `bool` results of comparisons; otherwise the operands' dtype. */
  readonly result?: DType;
  readonly jvp?: (a: Tensor, b: Tensor, y: Tensor, da: MaybeTensor, db: MaybeTensor) => MaybeTensor;
  readonly transpose?: PlainRule<K>["transpose"];
}

/** A function of two operands of one shape and dtype. */
export function binary<K extends PrimitiveName>(
  name: K,
  { types, evaluate, result, jvp, transpose }: Binary<K>,
): PlainRule<K> {
  return {
    outputs(inputs) {
      needInputs(name, inputs, 2);
      const like = needAlike(name, inputs);
      needDType(name, like, types);
      return [{ shape: like.shape, dtype: result ?? like.dtype }];
    },
    jvp: jvp === undefined ? zero : ([a, b], [y], _, [da, db]) => [jvp(a!, b!, y!, da!, db!)],
    ...(transpose === undefined ? {} : { transpose }),
    reference: ([a, b], _, [out]) => [write(out!, a!.data.length, (i) => evaluate(a!.data[i]!, b!.data[i]!, a!.dtype))],
  };
}

/** A comparison: `bool`, without derivative. */
export function compare<K extends PrimitiveName>(name: K, evaluate: (a: number, b: number) => boolean): PlainRule<K> {
  return binary(name, { types: everything, evaluate: (a, b) => Number(evaluate(a, b)), result: "bool" });
}
