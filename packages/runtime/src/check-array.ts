// What a host array must be, checked wherever one enters: a wrong length or class would be read as other numbers without a word.
import { byteSize, classOf, type DType, describe, type HostArray, type Shape, sizeOf } from "./array.ts";
import { fail } from "./error.ts";

/** Fails where dimensions are not whole numbers from 0 on. */
export function checkShape(who: string, shape: Shape): void {
  if (!Array.isArray(shape)) fail(who, `received ${typeof shape} as a shape; a shape is a list of dimensions.`);
  if (!shape.every((dimension) => Number.isSafeInteger(dimension) && dimension >= 0)) {
    fail(who, `received the shape [${shape.join(", ")}]; dimensions are whole and not negative.`);
  }
}

/** Fails where a dtype does not exist. */
export function checkDType(who: string, dtype: DType): void {
  if (!Object.hasOwn(byteSize, dtype)) {
    fail(who, `received the dtype ${String(dtype)}; dtypes are ${Object.keys(byteSize).join(", ")}.`);
  }
}

/**
 * Fails where a host array is not what it says it is: an unknown dtype, dimensions that are not whole, data of another class
 * or length, or a bool that is neither 0 nor 1.
 *
 * @param who the speaking part, e.g. `"dataset"`
 */
export function checkHostArray(who: string, value: HostArray): void {
  const { shape, dtype, data } = value ?? fail(who, `received ${value}; expected an array, such as array(values).`);
  checkDType(who, dtype);
  checkShape(who, shape);
  const received = data?.[Symbol.toStringTag];
  if (received !== classOf[dtype]) {
    fail(
      who,
      `received ${describe(value)} with ${received ?? typeof data} as data; ${dtype} takes a ${classOf[dtype]}.`,
    );
  }
  if (data.length !== sizeOf(shape)) {
    fail(who, `received ${describe(value)} with ${data.length} values; its shape holds ${sizeOf(shape)}.`);
  }
  if (dtype !== "bool") return;
  for (let i = 0; i < data.length; i++) {
    if (data[i]! > 1) fail(who, `received ${describe(value)} with the byte ${data[i]} at ${i}; a bool is 0 or 1.`);
  }
}
