// Compares functions and their derivatives with golden/extremes.json on a backend: a whole grid in one run of one program.
import { allocate, type Backend, full, grad, type HostArray, jvp, mul, run, sum, type Tensor } from "@hooke/runtime";
import type { FunctionOfNumbers, FunctionOfPairs, FunctionOfRows, Scales } from "./functions.ts";
import { type FloatType, loadExtremes, type Truth } from "./golden.ts";
import { ofLosses } from "./losses.ts";
import { ofNumbers } from "./numbers.ts";
import { ofPairs } from "./pairs.ts";
import { ofRows } from "./rows.fixture.ts";

/** Arguments at which a backend cannot be right. */
export interface ExtremeLimit {
  /** The magnitude of the largest argument that is compared. */
  readonly upTo: number;
  /** What larger ones, and NaN, may give in place of the truth, wherever the truth is a number. Default: anything. */
  readonly gives?: number;
  /** Why. Shown with the test. */
  readonly because: string;
}

/** What a backend may do other than the rule. */
export interface ExtremeOptions {
  /** Whether numbers below the smallest normal one may be taken, and given, as zeros. Default false. */
  readonly flushes?: boolean;
  /** By function. */
  readonly limits?: Readonly<Record<string, ExtremeLimit>>;
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

/** Where a result belongs: the argument in words and in numbers, its magnitude, and that of its smallest part which is not 0. */
interface Point<X> {
  readonly at: string;
  readonly x: X;
  readonly size: number;
  readonly least: number;
}

class Comparison<X> {
  private readonly dtype: FloatType;
  private readonly flushes: boolean;
  private readonly limit: ExtremeLimit | undefined;
  readonly problems: string[] = [];

  constructor(name: string, dtype: FloatType, { flushes = false, limits = {} }: ExtremeOptions) {
    this.dtype = dtype;
    this.flushes = flushes;
    this.limit = limits[name];
  }

  /** Whether `found` is the truth up to roundings of it, of `scale`, and of subnormal steps times up to `1 + size^2`. */
  private close(found: number, truth: number, size: number, scale: number): boolean {
    if (found === truth || Object.is(found, truth)) return true;
    const { dtype } = this;
    const steps = this.flushes ? 2 * smallestNormal[dtype] : relative[dtype] * smallestNormal[dtype];
    const coarse = Number.isFinite(scale) ? 16 * epsilon[dtype] * scale : 0;
    const allowed = relative[dtype] * Math.abs(truth) + coarse + steps * (1 + Math.min(size * size, 1e6));
    return Math.abs(found - truth) <= allowed;
  }

  /** Whether the limit, or the flushing of an argument, excuses any result or this one. */
  private excused(found: number, { size, least }: Point<X>): boolean {
    if (this.flushes && least !== 0 && least < smallestNormal[this.dtype]) return true;
    if (this.limit === undefined || size <= this.limit.upTo) return false;
    const { gives = found } = this.limit;
    return found === gives || Object.is(found, gives);
  }

  /** Notes what differs. */
  of(
    what: string,
    found: ArrayLike<number>,
    truth: Truth["value"],
    points: readonly Point<X>[],
    scale?: (x: X) => number,
  ): void {
    for (const [i, expected] of truth.entries()) {
      const { at, x, size } = points[i]!;
      const value = found[i]!;
      if (expected === null || this.close(value, expected, size, scale?.(x) ?? 0)) continue;
      if (!this.excused(value, points[i]!)) this.problems.push(`${what} at ${at} is ${value}, expected ${expected}`);
    }
  }
}

const hostArray = (values: readonly number[], dtype: FloatType, shape: readonly number[]): HostArray => {
  const data = allocate(dtype, values.length);
  data.set(values);
  return { shape, dtype, data };
};

function compareAll<X>(
  comparison: Comparison<X>,
  found: readonly ArrayLike<number>[],
  truth: Truth,
  at: readonly [readonly Point<X>[], readonly Point<X>[]],
  scales: Scales<X> = {},
): string[] {
  comparison.of("the value", found[0]!, truth.value, at[0], scales.value);
  comparison.of("the gradient", found[1]!, truth.first, at[1], scales.first);
  comparison.of("the derivative in forward mode", found[2]!, truth.first, at[1], scales.first);
  comparison.of("the second derivative", found[3]!, truth.second, at[1], scales.second);
  return comparison.problems;
}

function numbersCheck({ name, fn, coarse }: FunctionOfNumbers, dtype: FloatType): ExtremeCheck {
  const first = grad((x: Tensor) => sum(fn(x)));
  const second = grad((x: Tensor) => sum(first(x)));
  const jet = (x: Tensor): Tensor[] => [fn(x), first(x), jvp(fn, [x], [full(x.shape, 1, dtype)])[1], second(x)];
  return {
    name,
    dtype,
    async run(backend, options = {}) {
      const { x, functions } = loadExtremes()[dtype];
      const found = (await run(backend, jet, hostArray(x, dtype, [x.length]))) as HostArray[];
      const points = x.map((value) => ({
        at: Object.is(value, -0) ? "-0" : String(value),
        x: value,
        size: Math.abs(value),
        least: Math.abs(value),
      }));
      const comparison = new Comparison<number>(name, dtype, options);
      return compareAll(
        comparison,
        found.map(({ data }) => data),
        functions[name]!,
        [points, points],
        coarse,
      );
    },
  };
}

const pointOf = (row: readonly number[], at: string): Point<readonly number[]> => ({
  at: `[${row.join(", ")}]${at}`,
  x: row,
  size: Math.max(...row.map(Math.abs)),
  least: Math.min(...row.flatMap((value) => (value === 0 ? [] : [Math.abs(value)]))),
});

/** Each row comes once for each of its elements, with the direction of that element. */
function rowsCheck({ name, fn, truth = name, coarse }: FunctionOfRows, dtype: FloatType): ExtremeCheck {
  const first = grad((rows: Tensor) => sum(fn(rows)));
  const along = grad((rows: Tensor, units: Tensor) => sum(mul(first(rows), units)));
  const jet = (rows: Tensor, units: Tensor): Tensor[] => [
    ...[fn(rows), first(rows), jvp(fn, [rows], [units])[1]],
    along(rows, units),
  ];
  return {
    name,
    dtype,
    async run(backend, options = {}) {
      const { rows, ofRows: truths } = loadExtremes()[dtype];
      const each = rows.flatMap((row) => row.map((_, i) => ({ row, i })));
      const shape = [each.length, 3];
      const units = each.flatMap(({ row, i }) => row.map((_, k) => Number(k === i)));
      const arguments_ = [each.flatMap(({ row }) => row), units].map((values) => hostArray(values, dtype, shape));
      const [value, gradient, forward, second] = (
        (await run(backend, jet, arguments_[0]!, arguments_[1]!)) as HostArray[]
      ).map(({ data }) => Array.from(data as ArrayLike<number>));
      const found = [
        value!.filter((_, k) => each[k]!.i === 0),
        each.map(({ i }, k) => gradient![3 * k + i]!),
        forward!,
        each.map(({ i }, k) => second![3 * k + i]!),
      ];
      const at = [
        rows.map((row) => pointOf(row, "")),
        each.map(({ row, i }) => pointOf(row, `, element ${i},`)),
      ] as const;
      const comparison = new Comparison<readonly number[]>(name, dtype, options);
      return compareAll(comparison, found, truths[truth]!, at, coarse);
    },
  };
}

/** Forward mode in one operand at a time: along a direction, the 0 of the other would meet slopes that are infinite. */
function pairsCheck({ name, fn }: FunctionOfPairs, dtype: FloatType): ExtremeCheck {
  const inBoth = grad(([a, b]: readonly [Tensor, Tensor]) => sum(fn(a, b)));
  const jet = (a: Tensor, b: Tensor): Tensor[] => {
    const one = full(a.shape, 1, dtype);
    return [
      fn(a, b),
      ...inBoth([a, b]),
      jvp((x: Tensor) => fn(x, b), [a], [one])[1],
      jvp((x: Tensor) => fn(a, x), [b], [one])[1],
    ];
  };
  return {
    name: `${name} of pairs`,
    dtype,
    async run(backend, options = {}) {
      const { pairs, ofPairs: truths } = loadExtremes()[dtype];
      const operand = (i: number): HostArray =>
        hostArray(
          pairs.map((pair) => pair[i]!),
          dtype,
          [pairs.length],
        );
      const found = ((await run(backend, jet, operand(0), operand(1))) as HostArray[]).map(({ data }) => data);
      const { value, first } = truths[name]!;
      const comparison = new Comparison<readonly number[]>(name, dtype, options);
      const points = (at: string) => pairs.map((pair) => pointOf(pair, at));
      comparison.of("the value", found[0]!, value, points(""));
      for (const i of [0, 1]) {
        const slopes = first.filter((_, k) => k % 2 === i);
        comparison.of("the gradient", found[1 + i]!, slopes, points(`, element ${i},`));
        comparison.of("the derivative in forward mode", found[3 + i]!, slopes, points(`, element ${i},`));
      }
      return comparison.problems;
    },
  };
}

/** A check for every function that golden/extremes.json lists, in f32 and in f64. */
export function extremeChecks(): ExtremeCheck[] {
  return (["f32", "f64"] as const).flatMap((dtype) => [
    ...[...ofNumbers, ...ofLosses].map((entry) => numbersCheck(entry, dtype)),
    ...ofRows.map((entry) => rowsCheck(entry, dtype)),
    ...ofPairs.map((entry) => pairsCheck(entry, dtype)),
  ]);
}
