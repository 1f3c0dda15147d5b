// Values and derivatives at extreme arguments, as golden/extremes.py computes them in 4,000-bit arithmetic. Node only.
import { readFileSync } from "node:fs";

export type FloatType = "f32" | "f64";

/** A number; null where nothing is asked. */
type Asked = number | null;

/** What a function is at each argument: value, first and second derivative. */
export interface Truth {
  readonly value: readonly Asked[];
  readonly first: readonly Asked[];
  readonly second: readonly Asked[];
}

/** Extreme arguments of one dtype, and what functions are there, by name. */
export interface Extremes {
  /** Arguments of functions of one number. */
  readonly x: readonly number[];
  readonly functions: Readonly<Record<string, Truth>>;
  /** Arguments of functions of a row. */
  readonly rows: readonly (readonly number[])[];
  /** One value for each row; derivatives in each of its elements, row by row. Second derivatives are those of the diagonal. */
  readonly ofRows: Readonly<Record<string, Truth>>;
  /** Arguments of functions of two numbers. */
  readonly pairs: readonly (readonly number[])[];
  /** One value for each pair; derivatives in both, pair by pair. */
  readonly ofPairs: Readonly<Record<string, Pick<Truth, "value" | "first">>>;
}

let loaded: Readonly<Record<FloatType, Extremes>> | undefined;

/** Reads `golden/extremes.json`, once. JSON has no NaN and no infinities: they are strings there. */
export function loadExtremes(): Readonly<Record<FloatType, Extremes>> {
  loaded ??= JSON.parse(readFileSync(new URL("../../golden/extremes.json", import.meta.url), "utf8"), (key, value) =>
    typeof value === "string" && key !== "source" ? Number(value) : value,
  ) as Readonly<Record<FloatType, Extremes>>;
  return loaded;
}
