// The JSON inside a checkpoint: numbers that JSON lacks survive, and two documents can be compared.
import { parseJson } from "@hooke/data/safetensors";

/** JSON text in which NaN and the infinities are kept. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? { nonFinite: String(item) } : item,
  );
}

const nonFinite = new Map([Number.NaN, Infinity, -Infinity].map((value) => [String(value), value]));

/** What {@link encodeJson} was given. @throws on anything but JSON, with `who` and `what` as in `parseJson` */
export function decodeJson(text: string, who: string, what: string): unknown {
  return restore(parseJson(text, who, what));
}

function restore(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(restore);
  const entries = Object.entries(value);
  const [[name, item] = []] = entries;
  if (entries.length === 1 && name === "nonFinite" && nonFinite.has(item as string))
    return nonFinite.get(item as string);
  return Object.fromEntries(entries.map(([key, child]) => [key, restore(child)]));
}

/** The first place where two JSON values differ; undefined if they are equal. */
export function firstDifference(
  a: unknown,
  b: unknown,
  path = "",
): { path: string; a: unknown; b: unknown } | undefined {
  if (
    typeof a !== "object" ||
    typeof b !== "object" ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  ) {
    return Object.is(a, b) ? undefined : { path, a, b };
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const at = path === "" ? key : `${path}.${key}`;
    const found = firstDifference(own(a, key), own(b, key), at);
    if (found !== undefined) return found;
  }
  return undefined;
}

const own = (record: object, key: string): unknown =>
  Object.hasOwn(record, key) ? (record as Record<string, unknown>)[key] : undefined;
