// Tensors: immutable symbolic handles, alive while a recording runs. They have a shape and a dtype, never a value.
// The types of tensors and recorders go in a circle: a tensor belongs to the recorder that made it.
import { type DType, describe, type Shape } from "./array.ts";
import { HookeError } from "./error.ts";
import type { Value } from "./program.ts";
import type { Recorder } from "./record.ts";

const brand: unique symbol = Symbol.for("@hooke/runtime.Tensor") as never;

/** A symbolic array inside a recording. Made by `record` and by operations, never by `new`. */
export class Tensor {
  readonly [brand] = true;
  readonly value: Value;
  readonly recorder: Recorder;

  constructor(value: Value, recorder: Recorder) {
    this.value = value;
    this.recorder = recorder;
  }

  get shape(): Shape {
    return this.value.shape;
  }

  get dtype(): DType {
    return this.value.dtype;
  }

  /** Number of dimensions. */
  get rank(): number {
    return this.value.shape.length;
  }

  toString(): string {
    return `Tensor ${describe(this.value)}`;
  }

  /** @throws always: a tensor has no value while recording */
  get data(): never {
    throw unreadable(this, "reading .data");
  }

  /** @throws always: a tensor has no value while recording */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    throw unreadable(this, "using it as a number or comparing it");
  }

  /** @throws always: a tensor has no value while recording */
  [Symbol.iterator](): never {
    throw unreadable(this, "iterating over it");
  }
}

/** Whether a value is a tensor of this copy of the runtime. @throws if it belongs to another copy */
export function isTensor(value: unknown): value is Tensor {
  if (value instanceof Tensor) return true;
  if (typeof value === "object" && value !== null && brand in value) {
    throw new HookeError(
      "runtime: received a tensor made by another copy of @hooke/runtime. Two copies are installed; keep one " +
        "(run `npm ls @hooke/runtime`, and make plugins list it under peerDependencies).",
    );
  }
  return false;
}

function unreadable(tensor: Tensor, action: string): HookeError {
  return new HookeError(
    `${tensor}: ${action} is not possible while recording, since a program is recorded before any value exists. ` +
      "Use select(condition, a, b) instead of if, scan instead of a data-dependent loop, mul/add/less instead of * + <, " +
      "or return the tensor from the recorded function and read the result.",
  );
}
