/**
 * Hostile input: whatever is in it, reading ends in a result or in a `HookeError` that says whose fault it is, and reaches no prototype. Seeded; the
 * environment variable HOOKE_FUZZ multiplies the cases.
 *
 * @packageDocumentation
 */
import { foldHost, HookeError, randomKey } from "@hooke/runtime";
import { expect } from "vitest";

/** The numbers of the cases: so many, times HOOKE_FUZZ. */
export const cases = (count: number): number[] =>
  Array.from({ length: count * Number(process.env.HOOKE_FUZZ ?? 1) }, (_, i) => i);

/** Draws a whole number from 0 to below `bound`. */
export type Draw = (bound: number) => number;

/** What a case draws: the same in each run for a name and a number. */
export function drawer(name: string, index: number): Draw {
  const key = foldHost(foldHost(randomKey(1), name), index);
  let count = 0;
  return (bound) => foldHost(key, count++).data[0]! % bound;
}

/** Names that objects inherit. */
export const inherited: readonly string[] = [
  ...["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf"],
  ...["__defineGetter__", "__defineSetter__", "__lookupGetter__", "toLocaleString", "propertyIsEnumerable"],
];

const prototypes = [
  Object,
  Array,
  Function,
  String,
  Number,
  Map,
  Set,
  Float32Array,
  Object.getPrototypeOf(Float32Array),
];
/** Every name that a prototype has, and what it has under it. */
const fingerprint = (): unknown[] =>
  prototypes.flatMap(({ prototype }) =>
    Reflect.ownKeys(prototype).flatMap((key) => {
      const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, key)!;
      return [key, value, get, set];
    }),
  );
const before = fingerprint();

/** @throws if a prototype is not what it was when this module was loaded */
export function untouched(): void {
  const now = fingerprint();
  if (now.length === before.length && now.every((item, i) => Object.is(item, before[i]))) return;
  throw new Error("a prototype was written to");
}

/**
 * Runs what reads; a result, or an error of one of these codes, is right.
 *
 * @returns whether there was a result
 */
export async function survives(read: () => unknown, codes: readonly string[], label: string): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    expect(error, label).toBeInstanceOf(HookeError);
    expect(codes, `${label}: ${(error as Error).message}`).toContain((error as HookeError).code);
    return false;
  } finally {
    untouched();
  }
}

/** The bytes with a bit flipped, and which. */
export function flipped(
  bytes: Uint8Array,
  draw: Draw,
): { readonly damaged: Uint8Array<ArrayBuffer>; readonly bit: number } {
  const bit = draw(bytes.length * 8);
  const damaged = Uint8Array.from(bytes);
  damaged[bit >> 3]! ^= 1 << (bit & 7);
  return { damaged, bit };
}

/** Noise, and the bytes with the same noise somewhere from `from` on. */
export function noisy(
  bytes: Uint8Array,
  draw: Draw,
  from: number,
): Record<"noise" | "damaged", Uint8Array<ArrayBuffer>> {
  const noise = Uint8Array.from({ length: draw(200) }, () => draw(256));
  const damaged = Uint8Array.from(bytes);
  const at = from + draw(bytes.length - from);
  damaged.set(noise.subarray(0, bytes.length - at), at);
  return { noise, damaged };
}

const odd: readonly unknown[] = [
  ...[null, true, -1, 0, 0.5, 2 ** 31, 2 ** 53, 1e308, "", "__proto__", "constructor", "x".repeat(1000)],
  ...[[], {}, [[]], [1, 2, 3], [1e9, 1e9, 1e9], { shape: [1e12] }],
  JSON.parse('{"__proto__":{"polluted":1}}'),
  JSON.parse(`${"[".repeat(400)}${"]".repeat(400)}`),
];

/**
 * JSON with one place in it changed: another value, another name, something missing, something more.
 *
 * @param more values of the format, beside those that are odd anywhere
 */
export function mutated(json: unknown, draw: Draw, more: readonly unknown[] = []): unknown {
  const values = [...odd, ...more];
  const places: { parent: Record<string, unknown>; key: string }[] = [];
  const copy = JSON.parse(JSON.stringify(json));
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ parent: value as Record<string, unknown>, key });
      walk((value as Record<string, unknown>)[key]);
    }
  };
  walk(copy);
  const { parent, key } = places[draw(places.length)]!;
  const set = (name: string, value: unknown): void =>
    void Object.defineProperty(parent, name, { value, enumerable: true, configurable: true, writable: true });
  const name = inherited[draw(inherited.length)]!;
  const change = draw(4);
  if (change === 0) set(key, values[draw(values.length)]);
  else if (Array.isArray(parent)) parent.splice(Number(key), change - 1, ...values.slice(0, draw(2)));
  else if (change === 1) set(name, values[draw(values.length)]);
  else {
    if (change === 2) set(name, parent[key]);
    delete parent[key];
  }
  return copy;
}

const kindOf = (value: unknown): string =>
  value === null ? "null" : Array.isArray(value) ? "list" : value === undefined ? "nothing" : typeof value;

/**
 * JSON as another version may have written it: every part of it left out in turn, or of every other type; of lists, the first part.
 *
 * @param value a record, or what is in one
 * @returns where it was changed, and the whole
 */
export function* altered(value: unknown, path = ""): Generator<readonly [path: string, value: unknown]> {
  if (path !== "") {
    for (const other of ["text", 7, true, null, [], {}])
      if (kindOf(other) !== kindOf(value)) yield [`${path} as ${JSON.stringify(other)}`, other];
  }
  if (Array.isArray(value)) {
    if (value.length === 0) return;
    for (const [at, part] of altered(value[0], `${path}[0]`)) yield [at, [part, ...value.slice(1)]];
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      const { [name]: _, ...rest } = value as Readonly<Record<string, unknown>>;
      yield [`${path}.${name} left out`, rest];
      for (const [at, changed] of altered(part, `${path}.${name}`)) yield [at, { ...value, [name]: changed }];
    }
  }
}
