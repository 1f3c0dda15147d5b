// What an option can be asked to be: `checkOptions("f", options, { required: { filters: checks.count } })`.
import { type Check, checkOptions, type OptionTable } from "./check-options.ts";
import { quoted } from "./nearest.ts";

/** Expects a whole number above 0. */
export const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? undefined : "a whole number above 0";

/** Expects a whole number that is not below 0: a count that may be none, a seed, an index. */
export const wholeNumber: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : "a whole number of at least 0";

/** Expects a whole number above 0 and not above `most`: of things that are made one by one, whoever asks for them. */
export const countUpTo =
  (most: number): Check =>
  (value) =>
    count(value) === undefined && (value as number) <= most ? undefined : `a whole number from 1 to ${most}`;

/** Expects an `AbortSignal`. */
export const signal: Check = (value) => (value instanceof AbortSignal ? undefined : "an AbortSignal");

/** Expects a backend that has started. */
export const backend: Check = (value) => {
  const { prepare, upload, read, backend: inside } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if ([prepare, upload, read].every((method) => typeof method === "function")) return undefined;
  return inside !== undefined
    ? "a backend: give its .backend"
    : "a started backend, such as wasmBackend(), or the .backend of await createRuntime({ ... })";
};

/** Expects a list. */
export const list: Check = (value) => (Array.isArray(value) ? undefined : "a list");

/** Expects `true` or `false`. */
export const flag: Check = (value) => (typeof value === "boolean" ? undefined : "true or false");

/** Expects a finite number. */
export const finite: Check = (value) => (Number.isFinite(value) ? undefined : "a finite number");

/** Expects a finite number above 0. */
export const positive: Check = (value) =>
  Number.isFinite(value) && (value as number) > 0 ? undefined : "a number above 0";

/** Expects a finite number that is not below 0. */
export const nonNegative: Check = (value) =>
  Number.isFinite(value) && (value as number) >= 0 ? undefined : "a number of at least 0";

/** Expects a number from 0 up to, and without, 1. */
export const fraction: Check = (value) =>
  Number.isFinite(value) && (value as number) >= 0 && (value as number) < 1 ? undefined : "a number in [0, 1)";

/** Expects a number above 0 and below 1. */
export const betweenZeroAndOne: Check = (value) =>
  positive(value) === undefined && (value as number) < 1 ? undefined : "a number above 0 and below 1";

/** Expects one of some names. */
export function oneOf(value: unknown, names: readonly string[]): string | undefined {
  if (typeof value === "string" && names.includes(value)) return undefined;
  return `one of ${quoted(names)}`;
}

/**
 * Expects a name among `rules`, or `{ name, ...options }` with options that the rule of that name takes.
 *
 * @param kind what the rules are, e.g. `"activation"`
 * @throws on options that the rule does not have
 */
export function ruleOf(kind: string, rules: Readonly<Record<string, { readonly options: unknown }>>): Check {
  return (value) => {
    const expected = `an ${kind}: ${Object.keys(rules).join(", ")}, or one of these with options, { name, ... }`;
    if (typeof value !== "string" && (typeof value !== "object" || value === null)) return expected;
    const { name, ...options } = typeof value === "string" ? { name: value } : (value as { name?: unknown });
    if (typeof name !== "string" || !Object.hasOwn(rules, name)) return expected;
    checkOptions<object>(`${kind} ${name}`, options, rules[name]!.options as OptionTable<object>);
    return undefined;
  };
}
