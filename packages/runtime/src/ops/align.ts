// Operands of one shape and dtype: NumPy's broadcasting, and numbers that take the dtype of the tensor beside them.
import { type DType, describe, type HostArray, type Shape } from "../array.ts";
import { fail } from "../error.ts";
import { widened } from "../literal.ts";
import { nothingMore } from "../options/check-options.ts";
import { creation } from "../primitives/creation.ts";
import { currentRecorder, emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { broadcastTo } from "./structure.ts";

/** What an operation takes: a tensor, a constant host array, or a number. */
export type Operand = Tensor | HostArray | number;

/** The shape two shapes broadcast to, as in NumPy. @throws naming both */
export function broadcastShapes(who: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const left = a[a.length - i] ?? 1;
    const right = b[b.length - i] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      fail(
        who,
        `shapes [${a.join(", ")}] and [${b.join(", ")}] do not broadcast: ${left} against ${right} on axis -${i}.`,
        "mismatch",
      );
    }
    shape[rank - i] = left === 1 ? right : left;
  }
  return shape;
}

/** Brings operands to one shape and dtype. @param more what the function received beyond them, which it refuses */
export function align(who: string, given: readonly Operand[], more?: readonly unknown[]): Tensor[] {
  if (more) nothingMore(who, more);
  const operands = widened(given).map((operand) => (typeof operand === "number" ? operand : tensorFor(who, operand)));
  currentRecorder(who);
  const anchor = operands.find((operand) => typeof operand !== "number");
  const dtype: DType = anchor?.dtype ?? "f32";
  let shape: Shape = [];
  for (const operand of operands) if (typeof operand !== "number") shape = broadcastShapes(who, shape, operand.shape);
  return operands.map((operand) => {
    if (typeof operand === "number") return emit(creation, "full", [], { value: operand, shape, dtype })[0]!;
    if (operand.dtype !== dtype) {
      fail(
        who,
        `operands are ${operands.map(show).join(" and ")}; convert one of them with convert(x, dtype).`,
        "mismatch",
      );
    }
    return broadcastTo(operand, shape);
  });
}

const show = (operand: Tensor | number): string => (typeof operand === "number" ? String(operand) : describe(operand));
