// Values as JSON that comes back as it was: numbers to the bit, NaN, the infinities and -0 among them; the rest is refused.
import { fail, show } from "@hooke/runtime";

/** A value of JSON, as `JSON.stringify` takes it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Stands for a number that JSON does not have. */
const tag = "$number";

/**
 * @param who the speaker of errors
 * @param what what the value is called in them
 * @throws where the value holds anything but null, true, false, numbers, texts, lists and records
 */
export function encode(who: string, what: string, value: unknown): Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number") {
    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
    return { [tag]: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (Array.isArray(value)) return Array.from(value, (item, i) => encode(who, `${what}[${i}]`, item));
  if (isPlain(value) && !Object.hasOwn(value, tag)) {
    // Not by assignment: a name may be "__proto__".
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, encode(who, `${what}.${name}`, item)] as const),
    );
  }
  const cure = ArrayBuffer.isView(value)
    ? "make it a list: [...values]"
    : "only null, true, false, numbers, texts, lists and records can be kept";
  return fail(who, `${what} is ${show(value)}; ${cure}.`);
}

/** What {@link encode} was given. */
export function decode(json: Json): unknown {
  return JSON.parse(JSON.stringify(json), (_, value) =>
    isPlain(value) && Object.hasOwn(value, tag) ? Number(value[tag]) : value,
  );
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * The first place in which two values of those that {@link decode} returns differ, as a sentence without its end; undefined
 * where they are equal.
 */
export function difference(there: unknown, here: unknown, path = ""): string | undefined {
  if (isNested(there) && isNested(here) && Array.isArray(there) === Array.isArray(here)) {
    for (const name of new Set([...Object.keys(there), ...Object.keys(here)])) {
      const found = difference(own(there, name), own(here, name), path === "" ? name : `${path}.${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (Object.is(there, here)) return undefined;
  const shown = (value: unknown): string => (value === undefined ? "absent" : show(value));
  return `${path === "" ? "all" : path} is ${shown(there)} there and ${shown(here)} here`;
}

const isNested = (value: unknown): value is object => typeof value === "object" && value !== null;
const own = (value: object, name: string): unknown =>
  Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
