// Compares functions and their derivatives with golden/extremes.json on a backend.
import {
  allocate,
  type Backend,
  compile,
  full,
  grad,
  type HostArray,
  jvp,
  mul,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { type FunctionOfNumbers, type FunctionOfRows, ofNumbers, ofOne, ofRows, type Scales } from "./functions.ts";
import { type FloatType, loadExtremes, type Truth } from "./golden.ts";

/** What a backend may do other than the rule. */
export interface ExtremeOptions {
  /** Whether numbers below the smallest normal one may be taken, and given, as zeros. Default false. */
  readonly flushes?: boolean;
}

/** One function in one dtype. */
export interface ExtremeCheck {
  readonly name: string;
  readonly dtype: FloatType;
  /** What is wrong, in words. */
  run(backend: Backend, options?: ExtremeOptions): Promise<string[]>;
}

/** Twenty to a hundred roundings: derivatives multiply several functions. */
const relative = { f32: 1e-5, f64: 1e-12 };
const epsilon = { f32: 2 ** -23, f64: 2 ** -52 };
const smallestNormal = { f32: 2 ** -126, f64: 2 ** -1022 };

/** Where a result belongs: the argument in words, and its size. */
interface Point {
  readonly at: string;
  readonly x: number;
}

class Comparison {
  private readonly dtype: FloatType;
  private readonly flushes: boolean;
  readonly problems: string[] = [];

  constructor(dtype: FloatType, { flushes = false }: ExtremeOptions) {
    this.dtype = dtype;
    this.flushes = flushes;
  }

  /** Whether `found` is the truth up to roundings of it, of `scale`, and of subnormal steps times up to `1 + x^2`. */
  private close(found: number, truth: number, x: number, scale: number): boolean {
    if (found === truth || Object.is(found, truth)) return true;
    const { dtype } = this;
    const steps = this.flushes ? 2 * smallestNormal[dtype] : relative[dtype] * smallestNormal[dtype];
    const coarse = Number.isFinite(scale) ? 16 * epsilon[dtype] * scale : 0;
    const allowed = relative[dtype] * Math.abs(truth) + coarse + steps * (1 + Math.min(x * x, 1e6));
    return Math.abs(found - truth) <= allowed;
  }

  /** Notes what differs. */
  of(
    what: string,
    found: ArrayLike<number>,
    truth: Truth["value"],
    points: readonly Point[],
    scale?: (x: number) => number,
  ): void {
    for (const [i, expected] of truth.entries()) {
      const { at, x } = points[i]!;
      const ignored = this.flushes && x !== 0 && Math.abs(x) < smallestNormal[this.dtype];
      if (expected === null || ignored || this.close(found[i]!, expected, x, scale?.(x) ?? 0)) continue;
      this.problems.push(`${what} at ${at} is ${found[i]}, expected ${expected}`);
    }
  }
}

const constant = (value: number, { shape, dtype }: Tensor): Tensor => full(shape, value, dtype);

/** Value, gradient, gradient in forward mode, and second derivatives of a function of each number by itself. */
function jet(fn: (x: Tensor) => Tensor): (x: Tensor) => Tensor[] {
  const first = grad((x: Tensor) => sum(fn(x)));
  const second = grad((x: Tensor) => sum(first(x)));
  return (x) => [fn(x), first(x), jvp(fn, [x], [constant(1, x)])[1], second(x)];
}

/** The same of a function of a row, where the second derivatives are the diagonal of the Hessian. */
function rowJet(fn: (row: Tensor) => Tensor): (row: Tensor, unit: Tensor) => Tensor[] {
  const first = grad(fn);
  const along = grad((row: Tensor, unit: Tensor) => sum(mul(first(row), unit)));
  return (row, unit) => [fn(row), first(row), jvp(fn, [row], [unit])[1], sum(mul(along(row, unit), unit))];
}

const hostArray = (values: readonly number[], dtype: FloatType, shape: readonly number[]): HostArray => {
  const data = allocate(dtype, values.length);
  data.set(values);
  return { shape, dtype, data };
};

function compareAll(
  comparison: Comparison,
  found: readonly ArrayLike<number>[],
  truth: Truth,
  at: readonly (readonly Point[])[],
  scales: Scales = {},
): string[] {
  comparison.of("the value", found[0]!, truth.value, at[0]!, scales.value);
  comparison.of("the gradient", found[1]!, truth.first, at[1]!, scales.first);
  comparison.of("the derivative in forward mode", found[2]!, truth.first, at[1]!, scales.first);
  comparison.of("the second derivative", found[3]!, truth.second, at[1]!, scales.second);
  return comparison.problems;
}

function numbersCheck({ name, fn, coarse }: FunctionOfNumbers, dtype: FloatType, oneByOne: boolean): ExtremeCheck {
  return {
    name,
    dtype,
    async run(backend, options = {}) {
      const { x, functions } = loadExtremes()[dtype];
      const compiled = compile(backend, jet(fn));
      const groups = oneByOne ? x.map((value) => [value]) : [x];
      const results: number[][] = [[], [], [], []];
      for (const group of groups) {
        const found = (await compiled(hostArray(group, dtype, [group.length]))) as HostArray[];
        for (const [i, { data }] of found.entries()) results[i]!.push(...data);
      }
      const points = x.map((value) => ({ at: Object.is(value, -0) ? "-0" : String(value), x: value }));
      return compareAll(new Comparison(dtype, options), results, functions[name]!, [points, points], coarse);
    },
  };
}

function rowsCheck({ name, fn, coarse }: FunctionOfRows, dtype: FloatType): ExtremeCheck {
  return {
    name,
    dtype,
    async run(backend, options = {}) {
      const { rows, ofRows: truths } = loadExtremes()[dtype];
      const compiled = compile(backend, rowJet(fn));
      const results: number[][] = [[], [], [], []];
      for (const row of rows) {
        for (const i of row.keys()) {
          const unit = row.map((_, k) => Number(k === i));
          const found = (await compiled(
            hostArray(row, dtype, [1, row.length]),
            hostArray(unit, dtype, [1, row.length]),
          )) as HostArray[];
          if (i === 0) {
            results[0]!.push(found[0]!.data[0]!);
            results[1]!.push(...found[1]!.data);
          }
          results[2]!.push(found[2]!.data[0]!);
          results[3]!.push(found[3]!.data[0]!);
        }
      }
      const sizes = rows.map((row) => ({ at: `[${row.join(", ")}]`, x: Math.max(...row.map(Math.abs)) }));
      const elements = rows.flatMap((row, r) =>
        row.map((_, i) => ({ at: `[${row.join(", ")}], element ${i},`, x: sizes[r]!.x })),
      );
      return compareAll(new Comparison(dtype, options), results, truths[name]!, [sizes, elements], coarse);
    },
  };
}

/** A check for every function that golden/extremes.json lists, in f32 and in f64. */
export function extremeChecks(): ExtremeCheck[] {
  return (["f32", "f64"] as const).flatMap((dtype) => [
    ...ofNumbers.map((entry) => numbersCheck(entry, dtype, false)),
    ...ofOne.map((entry) => numbersCheck(entry, dtype, true)),
    ...ofRows.map((entry) => rowsCheck(entry, dtype)),
  ]);
}
