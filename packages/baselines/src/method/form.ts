// What a state looks like: what a file must hold, part by part, before anything is predicted by it. A file of a version that knew other parts is refused by name.
import { sizeOf } from "@hooke/runtime";
import type { State } from "./state.ts";

/** Says what is wrong with a part of a state, which has a path; undefined where it is a `T`. */
export interface Form<T> {
  (value: unknown, path: string): string | undefined;
  /** Of the type alone. */
  readonly of?: T;
}

const expecting = (expected: string, path: string, value: unknown): string =>
  `${path} ${value === undefined ? "is missing" : `is ${kindOf(value)}`}; expected ${expected}`;

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (ArrayBuffer.isView(value)) return `an array of ${value.constructor.name.replace("Array", "")}`;
  return typeof value === "object" ? "a record" : `a ${typeof value}`;
}

/** Expects what a test holds of. */
const tested =
  <T>(test: (value: unknown) => boolean, expected: string): Form<T> =>
  (value, path) =>
    test(value) ? undefined : expecting(expected, path, value);

const typed = <T>(Kind: new () => T): Form<T> =>
  tested((value) => value instanceof (Kind as never), `an array of ${Kind.name.replace("Array", "")}`);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** Expects a record with these parts and no others. */
function record<T extends object>(forms: { readonly [K in keyof T]-?: Form<T[K]> }): Form<T> {
  const names = Object.keys(forms);
  return (value, path) => {
    if (!isRecord(value)) return expecting("a record", path, value);
    for (const name of names) {
      const own = Object.hasOwn(value, name) ? value[name] : undefined;
      const fault = forms[name as keyof T](own, `${path}.${name}`);
      if (fault !== undefined) return fault;
    }
    const odd = Object.keys(value).find((name) => !names.includes(name));
    return odd === undefined ? undefined : `${path} has a part "${odd}", which is not known`;
  };
}

/** Expects a list. */
const list =
  <T>(form: Form<T>): Form<readonly T[]> =>
  (value, path) =>
    Array.isArray(value)
      ? value.map((part, i) => form(part, `${path}[${i}]`)).find((fault) => fault !== undefined)
      : expecting("a list", path, value);

/** Expects a list with a part of each of these forms. */
const tuple =
  <T>(parts: readonly Form<T>[]): Form<readonly T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length === parts.length
      ? parts.map((form, i) => form(value[i], `${path}[${i}]`)).find((fault) => fault !== undefined)
      : expecting(`a list of ${parts.length}`, path, value);

/** Expects one of several; the fault is that of the last. */
const either =
  <T extends readonly unknown[]>(...forms: { readonly [I in keyof T]: Form<T[I]> }): Form<T[number]> =>
  (value, path) =>
    forms.reduce<string | undefined>(
      (fault, form, i) => (i > 0 && fault === undefined ? fault : form(value, path)),
      "",
    );

/** Expects nothing where the part may be left out. */
const optional =
  <T>(form: Form<T>): Form<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : form(value, path);

const absent: Form<null> = tested((value) => value === null, "null");

const array: Form<{ readonly shape: readonly number[]; readonly dtype: string; readonly data: unknown }> = (
  value,
  path,
) => {
  const { shape, dtype, data } = (isRecord(value) ? value : {}) as { shape?: unknown; dtype?: unknown; data?: unknown };
  const isWhole =
    Array.isArray(shape) &&
    typeof dtype === "string" &&
    ArrayBuffer.isView(data) &&
    (data as Float32Array).length === sizeOf(shape);
  return isWhole ? undefined : expecting("{ shape, dtype, data }", path, value);
};

/** Expects records of records of arrays, such as the variables of a network. */
const tree: Form<unknown> = (value, path) => {
  if (!isRecord(value)) return expecting("a record", path, value);
  if (Object.hasOwn(value, "dtype") && Object.hasOwn(value, "shape")) return array(value, path);
  return Object.entries(value)
    .map(([name, part]) => tree(part, `${path}.${name}`))
    .find((fault) => fault !== undefined);
};

/** Expects what a method learned. */
const learned =
  ({ form }: { readonly form?: Form<State> }): Form<State> =>
  (value, path) =>
    form?.(value, path);

/** What parts of a state may be. */
export const forms = /* @__PURE__ */ (() => ({
  number: tested<number>((value) => typeof value === "number", "a number"),
  text: tested<string>((value) => typeof value === "string", "text"),
  flag: tested<boolean>((value) => typeof value === "boolean", "true or false"),
  oneOf: <const T extends string | number>(values: readonly T[]): Form<T> =>
    tested((value) => values.includes(value as T), values.map((each) => JSON.stringify(each)).join(", ")),
  f64: typed(Float64Array),
  f32: typed(Float32Array),
  i32: typed(Int32Array),
  u32: typed(Uint32Array),
  absent,
  tree,
  record,
  list,
  tuple,
  either,
  optional,
  learned,
}))();
