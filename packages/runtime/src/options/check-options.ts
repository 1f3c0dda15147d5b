// Checks of options: what the type system promises is checked again for options that come from JavaScript or JSON.
import { fail, HookeError } from "../error.ts";
import { quoted, suggestion } from "./nearest.ts";
import { show } from "./show.ts";

/** Returns what is expected, e.g. `"a whole number above 0"`, if the value is something else; undefined if it is right. */
export type Check = (value: unknown) => string | undefined;

type RequiredKeys<C> = { [K in keyof C]-?: Record<never, never> extends Pick<C, K> ? never : K }[keyof C];

/** A check for every option of a config, the required ones apart from the optional ones. */
export interface OptionTable<C> {
  readonly required?: { readonly [K in RequiredKeys<C>]: Check };
  readonly optional?: { readonly [K in Exclude<keyof C, RequiredKeys<C>>]: Check };
}

/**
 * Checks options against a table.
 *
 * @param who the function that takes the options
 * @throws on an unknown option (with the nearest known one), a missing one, and a wrong value
 */
export function checkOptions<C>(who: string, options: unknown, table: OptionTable<C>): void {
  const required = (table.required ?? {}) as Readonly<Record<string, Check>>;
  const checks: Readonly<Record<string, Check>> = { ...required, ...table.optional };
  const names = Object.keys(checks);
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    fail(who, `received ${show(options)}; it takes options in a record${names[0] && `, { ${names[0]}: ... }`}.`);
  }
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    if (!names.includes(name)) {
      const known = names.length === 0 ? "It has none." : `It has ${quoted(names)}.${suggestion(name, names)}`;
      fail(who, `received the unknown option "${name}". ${known}`, "unknown-option");
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
    throw new HookeError(`${who}: option "${name}": ${error.message}`, { code: error.code, cause: error });
  }
}

/**
 * Checks an argument that stands by itself.
 *
 * @param what what it is called, e.g. `"the model"`
 * @throws saying what was received and what is expected
 */
export function checkArgument(who: string, what: string, value: unknown, check: Check): void {
  const expected = check(value);
  if (expected !== undefined) fail(who, `received ${show(value)} as ${what}; expected ${expected}.`);
}

/**
 * Fails where there is more than a function takes: other libraries have more there, which would be left out in silence. What lists' `map` and
 * `reduce` add, an index and the list, is no mistake.
 *
 * @param more what was received behind the arguments
 * @example
 * ```ts
 * import { nothingMore } from "@hooke/runtime";
 *
 * function double(x: number, ...more: []): number {
 *   nothingMore("double", more);
 *   return 2 * x;
 * }
 * console.log([1, 2].map((x) => double(x))); // [ 2, 4 ]
 * ```
 */
export function nothingMore(who: string, more: readonly unknown[]): void {
  if (more.length > 0 && !Array.isArray(more[1]))
    fail(who, `received ${Array.from(more, (each) => show(each)).join(", ")} beyond its arguments.`, "unknown-option");
}
