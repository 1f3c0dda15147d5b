// Checks of layer options: what the type system promises is checked again for configs that come from JavaScript or JSON.
import { fail, HookeError } from "@hooke/runtime";
import { quoted, suggestion } from "../data/nearest.ts";

/** Returns what is expected, e.g. `"a whole number above 0"`, if the value is something else; undefined if it is right. */
export type Check = (value: unknown) => string | undefined;

type RequiredKeys<C> = { [K in keyof C]-?: Record<never, never> extends Pick<C, K> ? never : K }[keyof C];

/** A check for every option of a config, the required ones apart from the optional ones. */
export interface OptionTable<C> {
  readonly required?: { readonly [K in RequiredKeys<C>]: Check };
  readonly optional?: { readonly [K in Exclude<keyof C, RequiredKeys<C>>]: Check };
}

/** Expects a whole number above 0. */
export const count: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? undefined : "a whole number above 0";

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

/** Expects one of some names. */
export function oneOf(value: unknown, names: readonly string[]): string | undefined {
  if (typeof value === "string" && names.includes(value)) return undefined;
  return `one of ${quoted(names)}`;
}

/**
 * Checks options against a table.
 *
 * @param who the function that takes the options
 * @throws on an unknown option (with the nearest known one), a missing one, and a wrong value
 */
export function checkOptions<C>(who: string, options: unknown, table: OptionTable<C>): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    fail(who, `received ${show(options)}; it takes options in a record.`);
  }
  const required = (table.required ?? {}) as Readonly<Record<string, Check>>;
  const checks: Readonly<Record<string, Check>> = { ...required, ...table.optional };
  const names = Object.keys(checks);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!names.includes(name)) {
      const known = names.length === 0 ? "It has none." : `It has ${quoted(names)}.${suggestion(name, names)}`;
      fail(who, `received the unknown option "${name}". ${known}`);
    }
    const expected = expectation(who, name, checks[name]!, value);
    if (expected !== undefined) fail(who, `option "${name}" is ${show(value)}; expected ${expected}.`);
  }
  for (const [name, check] of Object.entries(required)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    if (value === undefined) fail(who, `option "${name}" is missing; expected ${check(undefined) ?? "a value"}.`);
  }
}

// An option with options of its own speaks for itself; here it learns whose option it is.
function expectation(who: string, name: string, check: Check, value: unknown): string | undefined {
  try {
    return check(value);
  } catch (error) {
    if (!(error instanceof HookeError)) throw error;
    throw new HookeError(`${who}: option "${name}": ${error.message}`, { cause: error });
  }
}

/** A value in a message. */
export function show(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "number") return String(value);
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
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
