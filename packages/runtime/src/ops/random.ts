// Random numbers from counter-based keys: the same key yields the same numbers, whenever and wherever it is used.
import { type HostArray, type Shape, sizeOf } from "../array.ts";
import { checkShape } from "../check-array.ts";
import { fail } from "../error.ts";
import { array } from "../make-array.ts";
import { checkOptions, nothingMore } from "../options/check-options.ts";
import { finite, oneOf } from "../options/checks.ts";
import { creation } from "../primitives/creation.ts";
import { structure } from "../primitives/structure.ts";
import { threefry } from "../primitives/threefry.ts";
import { currentRecorder, emit, tensorFor } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import type { Operand } from "./align.ts";
import { add, convert, cos, full, less, log, mul, shiftRight, sin, sqrt, sub } from "./elementwise.ts";
import { concat, reshape } from "./structure.ts";

/** A random key while recording: `u32[2]`. */
export type Key = Tensor;

/**
 * The key of a seed.
 *
 * @param seed a whole number from 0 to 2^53 - 1
 */
export function randomKey(seed: number): HostArray {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    fail("randomKey", `received the seed ${seed}; it takes a whole number from 0 to ${Number.MAX_SAFE_INTEGER}.`);
  }
  return array(Uint32Array.of(Math.floor(seed / 2 ** 32), seed >>> 0));
}

/** FNV-1a over UTF-16 code units. */
function hash(name: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
  return h >>> 0;
}

const word = (data: string | number): number => (typeof data === "string" ? hash(data) : data >>> 0);

/**
 * A new key, independent of others derived from the same key by other data.
 *
 * @param key a key
 * @param data a name, a number, or an `u32[]` tensor such as the step count
 */
export function fold(key: Key | HostArray, data: string | number | Tensor, ...more: []): Key {
  nothingMore("fold", more);
  const block = typeof data === "object" ? data : full([], word(data), "u32");
  return emit(creation, "foldKey", [tensorFor("fold", key), block], {})[0]!;
}

/** {@link fold} outside a recording, on the key's words. */
export function foldHost(key: HostArray, data: string | number): HostArray {
  return array(new Uint32Array(threefry(key.data[0]!, key.data[1]!, word(data), 1)));
}

/** Random words, `u32`. */
export function randomBits(key: Key | HostArray, shape: Shape, ...more: []): Tensor {
  return emit(creation, "randomBits", [tensorFor("randomBits", key, more)], { shape })[0]!;
}

/** Bounds and dtype of {@link uniform}. */
export interface UniformOptions {
  readonly low?: number;
  readonly high?: number;
  readonly dtype?: "f32" | "f64";
}

/**
 * Uniform on `[low, high)` (default `[0, 1)`), in steps of 2^-24 (f32) or 2^-53 (f64) of the range. With other bounds than
 * the default, rounding may yield `high` itself.
 */
export function uniform(key: Key | HostArray, shape: Shape, options: UniformOptions = {}): Tensor {
  checkOptions<UniformOptions>("uniform", options, {
    optional: { low: finite, high: finite, dtype: (value) => oneOf(value, ["f32", "f64"]) },
  });
  currentRecorder("uniform");
  const { low = 0, high = 1, dtype = "f32" } = options;
  const unit = dtype === "f32" ? unit32(key, shape) : unit64(key, shape);
  if (low === 0 && high === 1) return unit;
  return add(mul(unit, high - low), low);
}

/** Elements `start` to `limit` of a list. The primitive itself: `slice` would bring bounds and steps of every kind into each page. */
function part(x: Tensor, start: number, limit: number): Tensor {
  return emit(structure, "slice", [x], { start: [start], limit: [limit], strides: [1] })[0]!;
}

function unit32(key: Key | HostArray, shape: Shape): Tensor {
  return mul(convert(shiftRight(randomBits(key, shape), 8), "f32"), 2 ** -24);
}

function unit64(key: Key | HostArray, shape: Shape): Tensor {
  const count = sizeOf(shape);
  const bits = randomBits(key, [2 * count]);
  const high = convert(shiftRight(part(bits, 0, count), 5), "f64");
  const low = convert(shiftRight(part(bits, count, 2 * count), 6), "f64");
  return reshape(mul(add(mul(high, 2 ** 26), low), 2 ** -53), shape);
}

/**
 * Standard normal numbers (Box and Muller 1958). Default dtype `f32`. The uniform numbers that they come of have 24 (f32) or 53
 * bits (f64), so none is beyond 5.77 or 8.57.
 */
export function normal(key: Key | HostArray, shape: Shape, dtype: "f32" | "f64" = "f32", ...more: []): Tensor {
  nothingMore("normal", more);
  currentRecorder("normal");
  checkShape("normal", shape);
  const count = sizeOf(shape);
  const half = Math.ceil(count / 2);
  const numbers = uniform(key, [2 * half], { dtype });
  // 1 - u lies in (0, 1]: its logarithm is finite.
  const radius = sqrt(mul(log(sub(1, part(numbers, 0, half))), -2));
  const angle = mul(part(numbers, half, 2 * half), 2 * Math.PI);
  const both = concat([mul(radius, cos(angle)), mul(radius, sin(angle))], 0);
  return reshape(part(both, 0, count), shape);
}

/** True with the given probability. */
export function bernoulli(key: Key | HostArray, probability: Operand, shape: Shape, ...more: []): Tensor {
  nothingMore("bernoulli", more);
  return less(uniform(key, shape), typeof probability === "number" ? probability : tensorFor("bernoulli", probability));
}
