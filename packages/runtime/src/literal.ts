// Literals: arrays of numbers as they were written, whose dtype nobody chose. Like numbers, they take that of what they meet.
import { type HostArray, isHostArray, type TypedArray } from "./array.ts";
import { tensorFor } from "./record.ts";
import { isTensor, type Tensor } from "./tensor.ts";

const written = new WeakMap<TypedArray, ArrayLike<number>>();

/** Remembers the numbers that an array was rounded from, in its order. */
export function remember(array: HostArray, numbers: ArrayLike<number>): void {
  written.set(array.data, numbers);
}

/** Operands as they are; beside one of f64, literals are f64, from the numbers as they were written. */
export function widened<T>(operands: readonly T[]): readonly T[] {
  const isWide = operands.some((operand) => (operand as Partial<HostArray> | null | undefined)?.dtype === "f64");
  if (!isWide) return operands;
  return operands.map((operand) =>
    isTensor(operand) || !isHostArray(operand) ? operand : (inF64(operand) as typeof operand),
  );
}

function inF64(value: HostArray): HostArray {
  const numbers = written.get(value.data);
  if (numbers === undefined) return value;
  // Elements that were changed since are what they are now.
  const now = (element: number, i: number): number =>
    Object.is(Math.fround(numbers[i]!), element) ? numbers[i]! : element;
  return { shape: value.shape, dtype: "f64", data: Float64Array.from(value.data as Float32Array, now) };
}

/** Operands of a function as tensors, literals among them {@link widened}. */
export const tensorsFor = (who: string, operands: readonly (Tensor | HostArray | number)[]): Tensor[] =>
  widened(operands).map((operand) => tensorFor(who, operand));
