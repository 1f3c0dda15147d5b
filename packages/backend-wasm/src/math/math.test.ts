// Every vector function against Math.* (erf against the reference) in units in the last place, over random arguments, edges and special values.
import { array, evaluate as evaluateOf } from "@hooke/runtime";
import { describe, expect, it } from "vitest";
import { signed } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import { ModuleBuilder } from "../encoder/module.ts";
import { f64x2, v128 } from "../encoder/opcodes.ts";
import { hasRelaxedSimd } from "../features.ts";
import { Constants } from "./constants.ts";
import { type MathFunctions, type MathName, mathSources } from "./functions.ts";
import type { FloatType } from "./lanes.ts";
import { MathLibrary } from "./library.ts";

const bytes = 1 << 20;

const loading = Object.entries(mathSources).map(async ([name, source]) => [name, await source()] as const);
const bodies: MathFunctions = Object.fromEntries(await Promise.all(loading));

/** Applies a function to arrays, through calls or inlined. */
function evaluate(name: MathName, dtype: FloatType, mode: { relaxed: boolean; inline: boolean }, operands: number[][]) {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", min: 1 });
  const library = new MathLibrary(module, mode.relaxed, bodies);
  const fn = module.addFunction(["i32"]);
  const index = fn.local("i32");
  const loaded = operands.map((_, k) => v128.load(local.get(index), (k + 1) * bytes));
  const constants = new Constants(fn);
  const value = mode.inline
    ? library.inline(fn, name, dtype, loaded, { constant: constants.get })
    : [...loaded, 0x10, signed(library.function(name, dtype))];
  fn.emit(
    constants.code(),
    forLoop({ index, start: 0, limit: local.get(0), step: 16 }, v128.store(local.get(index), value)),
  );
  module.exportFunction("main", fn);
  const memory = new WebAssembly.Memory({ initial: 48 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
  const view = (address: number) =>
    dtype === "f32"
      ? new Float32Array(memory.buffer, address, operands[0]!.length)
      : new Float64Array(memory.buffer, address, operands[0]!.length);
  for (const [k, values] of operands.entries()) view((k + 1) * bytes).set(values);
  (exports.main as (bytes: number) => void)(view(0).byteLength);
  return { result: [...view(0)], operands: operands.map((_, k) => [...view((k + 1) * bytes)]) };
}

/** The distance from the true value in units of the last place of `dtype`. */
function ulps(got: number, truth: number, dtype: FloatType): number {
  const rounded = dtype === "f32" ? Math.fround(truth) : truth;
  if (Object.is(got, rounded) || (got === rounded && got !== 0)) return 0;
  if (!Number.isFinite(got) || !Number.isFinite(rounded)) return Number.POSITIVE_INFINITY;
  if (got === 0 && rounded === 0) return Number.POSITIVE_INFINITY;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(truth))), dtype === "f32" ? -126 : -1022);
  return Math.abs(got - truth) / 2 ** (exponent - (dtype === "f32" ? 23 : 52));
}

/** Uniform numbers of a case's own: other cases, their order and their number change nothing. */
function uniform(of: string): () => number {
  let state = 12345;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  for (const unit of of) {
    state ^= unit.charCodeAt(0);
    next();
  }
  return next;
}

const special = [0, -0, 1, -1, 0.5, -0.5, 2, -2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const edges = [
  ...[1e-45, 1e-40, 1.1754943508222875e-38, 3.4028234663852886e38, 1e-320, 5e-324, 2 ** -1022, Number.MAX_VALUE],
  ...[Math.SQRT2, Math.SQRT1_2, Math.LN2 / 2, Math.PI / 2, Math.PI / 4, Math.PI, 1e-8, 1e-4, 0.9999999, 1.0000001],
  ...[
    9.02, 20, 88.7, 88.72284, 89, 103.9, 104, 709.78, 709.79, 745.1, 746, 3.9, 4, 5.9, 6, 1e5, 4194304, 1e7, 1e15, 1e30,
  ],
].flatMap((x) => [x, -x]);

/** Uniform values in a range, and values of any magnitude in it. */
function samples(random: () => number, low: number, high: number): number[] {
  const values = [...special, ...edges];
  while (values.length < 12_000) values.push(low + (high - low) * random());
  while (values.length < 24_000) {
    const value = 2 ** (-40 + 80 * random()) * (random() < 0.5 ? -1 : 1);
    values.push(value >= low && value <= high ? value : low + (high - low) * random() ** 4);
  }
  return values;
}

const modes = [
  { relaxed: false, inline: false },
  { relaxed: false, inline: true },
  ...(hasRelaxedSimd() ? [{ relaxed: true, inline: true }] : []),
];

function check(name: MathName, dtype: FloatType, truth: (...x: number[]) => number, limit: number, given: number[][]) {
  for (const mode of modes) {
    const { result, operands } = evaluate(name, dtype, mode, given);
    let worst = { error: 0, at: [] as number[], got: 0, truth: 0 };
    for (const [k, got] of result.entries()) {
      const at = operands.map((values) => values[k]!);
      const expected = truth(...at);
      const error = ulps(got, expected, dtype);
      if (error > worst.error) worst = { error, at, got, truth: expected };
    }
    expect(worst.error, `${JSON.stringify(mode)} ${JSON.stringify(worst)}`).toBeLessThanOrEqual(limit);
  }
}

/** Itself within 2 units of the last place; a double rounds to the nearest f32. */
const erf = (x: number): number => evaluateOf("erf", [array([x], { dtype: "f64" })], {})[0]!.data[0]!;

const sigmoid = (x: number): number => (x < 0 ? Math.exp(x) : 1) / (1 + Math.exp(-Math.abs(x)));

/** [name, truth, largest error in f32 and f64, range in f32 and f64] */
type Case = readonly [MathName, (x: number) => number, readonly [number, number], readonly number[], readonly number[]];
const cases: readonly Case[] = [
  ["exp", Math.exp, [1.5, 2], [-105, 90], [-750, 712]],
  ["expm1", Math.expm1, [2, 3], [-20, 90], [-50, 712]],
  ["log", Math.log, [1, 2], [0, 3e38], [0, 1e300]],
  ["log1p", Math.log1p, [1.5, 2], [-1, 1e10], [-1, 1e10]],
  ["sin", Math.sin, [2, 3], [-1e5, 1e5], [-1e5, 1e5]],
  ["cos", Math.cos, [2, 3], [-1e5, 1e5], [-1e5, 1e5]],
  ["tan", Math.tan, [4, 4], [-100, 100], [-100, 100]],
  ["tanh", Math.tanh, [3, 4], [-12, 12], [-25, 25]],
  ["erf", erf, [1.5, 3], [-5, 5], [-7, 7]],
  ["sigmoid", sigmoid, [3, 4], [-105, 30], [-750, 50]],
];

describe.each(["f32", "f64"] as const)("%s", (dtype) => {
  const own = dtype === "f32" ? 0 : 1;
  it.each(cases)("%s", (name, truth, limits, ...ranges) => {
    const [low, high] = ranges[own] as [number, number];
    check(name, dtype, truth, limits[own], [samples(uniform(`${name} ${dtype}`), low, high)]);
  });

  // C99 differs from JavaScript: 1^y = 1 even for NaN, and (-1)^(+-Infinity) = 1.
  const c99 = (x: number, y: number): number =>
    x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
  const more = [3, -3, 0.25, 1e-3, -7.5, 2.5, 1e20, -1e20, 9007199254740991, 1e300, -1e-300, ...edges.slice(0, 24)];

  it("pow, every pair of special values", () => {
    const values = [...special, ...more].flatMap((x) => [...special, ...more].map((y) => [x, y] as const));
    while (values.length % 4 !== 0) values.push([2, 2]);
    check("pow", dtype, c99, dtype === "f32" ? 1 : 2, [values.map(([x]) => x), values.map(([, y]) => y)]);
  });

  it("pow, random", () => {
    const random = uniform(`pow ${dtype}`);
    const x = Array.from({ length: 20_000 }, (_, k) =>
      k % 2 ? 2 ** (-3 + 6 * random()) : 2 ** (-120 + 240 * random()),
    );
    const y = x.map((value) => ((random() - 0.5) * (dtype === "f32" ? 180 : 1400)) / Math.log2(Math.abs(value)));
    check("pow", dtype, c99, dtype === "f32" ? 1 : 2, [x, y]);
  });

  it("rem", () => {
    const random = uniform(`rem ${dtype}`);
    const values = [...special, ...more].flatMap((x) => [...special, ...more].map((y) => [x, y] as const));
    for (let k = 0; k < 20_000; k++) values.push([(random() - 0.5) * 100, (random() - 0.5) * 10 ** (4 * random() - 2)]);
    check(
      "rem",
      dtype,
      (x, y) => x % y,
      0,
      [values.map(([x]) => x), values.map(([, y]) => y)].map((v) => v.slice(0, v.length & ~3)),
    );
  });
});

it("every function has a case", () => {
  const compared = new Set<string>([...cases.map(([name]) => name), "pow", "rem"]);
  expect(Object.keys(mathSources).filter((name) => !compared.has(name))).toEqual([]);
});

it.each(["f32", "f64"] as const)("the smallest numbers are their own expm1, tanh and log1p in %s", (dtype) => {
  const smallest = dtype === "f32" ? 2 ** -149 : 2 ** -1074;
  const values = [smallest, -smallest, 3 * smallest, -1000 * smallest];
  for (const name of ["expm1", "tanh", "log1p"] as const)
    for (const mode of modes) expect(evaluate(name, dtype, mode, [values]).result).toEqual(values);
});

it("adds a function once", () => {
  const module = new ModuleBuilder();
  const library = new MathLibrary(module, false, bodies);
  const index = library.function("exp", "f32");
  expect(library.function("exp", "f32")).toBe(index);
  expect(library.function("exp", "f64")).not.toBe(index);
});

it("keeps nested operands apart", () => {
  // 2^(2^x + y) as pow(2, pow(2, x) + y): operands that use the locals of the same functions.
  const module = new ModuleBuilder();
  const library = new MathLibrary(module, false, bodies);
  const fn = module.addFunction(["f64", "f64"], ["f64"]);
  const [two, x, y] = [f64x2.const(2), f64x2.splat(local.get(0)), f64x2.splat(local.get(1))];
  const inner = library.inline(fn, "pow", "f64", [two, x]);
  const sum = f64x2.add(library.inline(fn, "exp", "f64", [library.inline(fn, "log", "f64", [inner])]), y);
  fn.emit(f64x2.extract_lane(1, library.inline(fn, "pow", "f64", [two, sum])));
  module.exportFunction("main", fn);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()));
  expect((exports.main as (x: number, y: number) => number)(3, -2)).toBeCloseTo(64, 10);
});
