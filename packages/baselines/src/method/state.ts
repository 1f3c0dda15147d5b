// What a model has learned, as data: JSON in which typed arrays may stand. It goes into files and to workers as it is.
import { checks, fail, type HostArray, show } from "@hooke/runtime";

/** JSON in which typed arrays may stand; numbers are finite outside of them. */
export type State =
  | null
  | boolean
  | number
  | string
  | Float64Array
  | Float32Array
  | Int32Array
  | Uint32Array
  | readonly State[]
  | { readonly [name: string]: State };

/** JSON alone. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const dtypes = {
  Float64Array: "f64",
  Float32Array: "f32",
  Int32Array: "i32",
  Uint32Array: "u32",
} as const;

type AnyArray = Float64Array | Float32Array | Int32Array | Uint32Array;
const isArray = (value: unknown): value is AnyArray => ArrayBuffer.isView(value) && !(value instanceof DataView);

/**
 * Takes the arrays out of a state. In their places are `{ "$array": index }`.
 *
 * @throws on what a file cannot hold, with its place
 */
export function detachArrays(who: string, state: State): { json: Json; arrays: HostArray[] } {
  const arrays: HostArray[] = [];
  const detach = (value: State, path: string): Json => {
    if (isArray(value)) {
      arrays.push({
        shape: [value.length],
        dtype: dtypes[value[Symbol.toStringTag] as keyof typeof dtypes],
        data: withOneNaN(value),
      });
      return { $array: arrays.length - 1 };
    }
    if (Array.isArray(value)) return value.map((part, i) => detach(part, `${path}[${i}]`));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, detach(part, `${path}.${name}`)]));
    }
    const isJson = typeof value === "number" ? Number.isFinite(value) : ["string", "boolean"].includes(typeof value);
    if (value !== null && !isJson) fail(who, `the state holds ${show(value)} at ${path}; a file cannot.`);
    return value as Json;
  };
  return { json: detach(state, "state"), arrays };
}

/** An array whose `NaN`s have the same bits: engines choose them, and a file has the same bytes everywhere. */
function withOneNaN(array: AnyArray): AnyArray {
  if (!(array instanceof Float64Array || array instanceof Float32Array) || !array.some(Number.isNaN)) return array;
  const copy = array.slice();
  const isDouble = copy instanceof Float64Array;
  const bits = isDouble ? new BigUint64Array(copy.buffer) : new Uint32Array(copy.buffer);
  for (let i = 0; i < bits.length; i++)
    if (Number.isNaN(copy[i])) bits[i] = isDouble ? 0x7ff8000000000000n : 0x7fc00000;
  return copy;
}

/** Puts the arrays back. @throws on places that name none (`"corrupt-file"`) */
export function attachArrays(who: string, json: Json, arrays: readonly (HostArray | undefined)[]): State {
  if (Array.isArray(json)) return json.map((part) => attachArrays(who, part, arrays));
  if (typeof json !== "object" || json === null) return json as State;
  if (Object.hasOwn(json, "$array")) {
    const index = (json as { readonly $array: unknown }).$array;
    const found = checks.wholeNumber(index) === undefined ? arrays[index as number] : undefined;
    if (found === undefined) fail(who, `has no array ${show(index)}.`, "corrupt-file");
    return found.data as State;
  }
  return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, attachArrays(who, part, arrays)]));
}
