// Products of all shapes against a plain loop; everything around the operands must stay as it was.
import { beforeEach, describe, expect, it } from "vitest";
import type { Code } from "../encoder/code.ts";
import { ModuleBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32x4, v128 } from "../encoder/opcodes.ts";
import { hasRelaxedSimd } from "../features.ts";
import { addGemm, gemmScratch } from "./gemm.ts";
import * as large from "./large.ts";
import { type EpilogueContext, type GemmProblem, layoutOf } from "./problem.ts";

const guard = 32;
const relaxed = hasRelaxedSimd();

let state = 0;
// Of its name, so that a test has the same numbers whichever ran before it.
beforeEach(({ task: { suite, name } }) => {
  state = 1;
  for (const letter of `${suite?.name} ${name}`) state = (Math.imul(state, 31) + letter.charCodeAt(0)) >>> 0;
});
const random = (): number => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32 - 0.5;
};

type Epilogue = (context: EpilogueContext) => Code;

/** Runs a problem on random operands that lie between guards, and compares with the plain loop. */
function check(
  problem: GemmProblem,
  options: { relaxed?: boolean; epilogue?: Epilogue } = {},
  transform?: (x: number, i: number, j: number, batch: number) => number,
): void {
  for (const wide of [false, true]) checkTiles(problem, { ...options, wide }, transform);
}

function checkTiles(
  problem: GemmProblem,
  options: { relaxed?: boolean; wide: boolean; epilogue?: Epilogue },
  transform?: (x: number, i: number, j: number, batch: number) => number,
): void {
  const { m, n, k, transposeA, transposeB, dtype, accumulate } = problem;
  const batch = problem.batch ?? { count: 1, strideA: 0, strideB: 0, strideC: 0 };
  const size = dtype === "f32" ? 4 : 8;
  const { wide } = options;
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", min: 1 });
  const index = addGemm(module, problem, {
    relaxed: options.relaxed ?? relaxed,
    wide,
    large,
    ...(options.epilogue && { epilogue: options.epilogue }),
  });
  module.exportFunction("main", { index });
  const last = Math.max(batch.count - 1, 0);
  const lengths = [
    m * k + last * batch.strideA,
    k * n + last * batch.strideB,
    m * n + last * batch.strideC,
    gemmScratch(problem, { wide, large }) / size,
  ];
  const total = lengths.reduce((sum, length) => sum + length + 2 * guard, 0);
  const memory = new WebAssembly.Memory({ initial: Math.ceil((total * size) / 65536) });
  // The last guard ends where memory ends: reading beyond it traps.
  const end = memory.buffer.byteLength / size;
  const view = dtype === "f32" ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer);
  view.fill(777);
  let next = end;
  const starts: number[] = [];
  // C, B and A in turn touch the end of memory.
  const order = [
    [2, 1, 0, 3],
    [1, 0, 2, 3],
    [0, 2, 1, 3],
  ][(m + n + k) % 3]!;
  for (const operand of order) {
    next -= lengths[operand]! + (next === end ? 0 : guard);
    if (operand === 3) next -= next % 4;
    starts[operand] = next;
  }
  for (const operand of [0, 1, 2]) {
    for (let e = 0; e < lengths[operand]!; e++) view[starts[operand]! + e] = random();
  }
  for (let e = 0; e < lengths[3]!; e++) view[starts[3]! + e] = Number.NaN;
  const expected = view.slice();
  const tolerance = new Map<number, number>();
  for (let count = 0; count < batch.count; count++) {
    const [a, b, c] = [
      starts[0]! + count * batch.strideA,
      starts[1]! + count * batch.strideB,
      starts[2]! + count * batch.strideC,
    ];
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = accumulate ? expected[c + i * n + j]! : 0;
        for (let p = 0; p < k; p++)
          sum += view[a + (transposeA ? p * m + i : i * k + p)]! * view[b + (transposeB ? j * k + p : p * n + j)]!;
        expected[c + i * n + j] = transform ? transform(sum, i, j, count) : sum;
        tolerance.set(c + i * n + j, (dtype === "f32" ? 1e-6 : 2e-15) * (1 + Math.sqrt(k)) * (transform ? 1000 : 1));
      }
    }
  }
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
  (exports.main as (...addresses: number[]) => void)(...starts.map((start) => start * size));
  for (let e = 0; e < end; e++) {
    if (e >= starts[3]! && e < starts[3]! + lengths[3]!) continue;
    const difference = Math.abs(view[e]! - expected[e]!);
    if (!(difference <= (tolerance.get(e) ?? 0)))
      expect.fail(`${JSON.stringify(problem)} at ${e - starts[2]!} of C: ${view[e]}, expected ${expected[e]}`);
  }
}

const sizes = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 33, 64, 100];
const variants = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));
const pick = (): number => sizes[Math.floor((random() + 0.5) * sizes.length)]!;

describe.each(["f32", "f64"] as const)("%s", (dtype) => {
  it.each(variants)("random shapes, %o", (variant) => {
    for (let count = 0; count < 60; count++) {
      check(
        { m: pick(), n: pick(), k: pick(), dtype, ...variant, accumulate: count % 3 === 0 },
        { relaxed: relaxed && count % 4 !== 0 },
      );
    }
  });

  it.each(variants)("shapes of small networks, %o", (variant) => {
    for (const [m, n, k] of [
      [64, 64, 10],
      [64, 1, 64],
      [64, 64, 64],
      [10, 64, 64],
      [64, 64, 1],
      [1, 64, 64],
      [1, 1, 100],
      [100, 1, 1],
    ] as const) {
      check({ m, n, k, dtype, ...variant });
      check({ m, n, k, dtype, ...variant, accumulate: true });
    }
  });

  it.each(variants)("blocked, %o", (variant) => {
    for (const [m, n, k] of [
      [100, 130, 259],
      [13, 1030, 300],
      [97, 33, 513],
    ] as const) {
      const problem = { m, n, k, dtype, ...variant };
      expect(layoutOf(problem, { wide: false }).strategy).toBe("blocked");
      check(problem);
      check({ ...problem, accumulate: true });
    }
  });

  it.each(variants)("few rows of a large operand, %o", (variant) => {
    for (const [m, n, k] of [
      [8, 70, 601],
      [5, 131, 300],
      [12, 129, 300],
      [3, 33, 1030],
      [1, 257, 201],
      [6, 1026, 9],
    ] as const) {
      check({ m, n, k, dtype, ...variant });
      check({ m, n, k, dtype, ...variant, accumulate: true }, { relaxed: false });
      check({ m, n, k, dtype, ...variant, batch: { count: 2, strideA: m * k, strideB: n * k, strideC: m * n } });
    }
  });

  it.each(variants)("long products, %o", (variant) => {
    for (const [m, n, k] of [
      [3, 5, 97],
      [2, 9, 1001],
      [1, 1, 1030],
      [7, 1, 2049],
      [2, 3, 4096],
      [20, 9, 4100],
      [97, 5, 2500],
    ] as const) {
      check({ m, n, k, dtype, ...variant });
      check({ m, n, k, dtype, ...variant, accumulate: true });
      const batch = { count: 2, strideA: m * k, strideB: 0, strideC: m * n + 1 };
      check({ m, n, k, dtype, ...variant, batch });
    }
  });

  it.each(variants)("batches and strides, %o", (variant) => {
    for (const [m, n, k] of [
      [5, 7, 3],
      [8, 8, 8],
      [4, 9, 6],
      [17, 1, 5],
      [6, 100, 120],
    ] as const) {
      const batch = { count: 3, strideA: m * k, strideB: k * n, strideC: m * n };
      check({ m, n, k, dtype, ...variant, batch });
      check({ m, n, k, dtype, ...variant, batch: { ...batch, strideA: 0, strideC: m * n + 5 } });
      check({ m, n, k, dtype, ...variant, batch: { ...batch, strideB: 0, strideA: m * k + 3 }, accumulate: true });
    }
  });

  it.each(variants)("epilogues know their place, %o", (variant) => {
    const vector = dtype === "f32" ? f32x4 : f64x2;
    const steps = dtype === "f32" ? [0, 1, 2, 3] : [0, 1];
    // value + 1000 batch + 100 row + column
    const epilogue: Epilogue = ({ value, row, column, batch, along }) => {
      const lane = v128.const([
        ...new Uint8Array((dtype === "f32" ? new Float32Array(steps) : new Float64Array(steps)).buffer),
      ]);
      const float = (code: Code): Code =>
        dtype === "f32" ? f32x4.convert_i32x4_s(i32x4.splat(code)) : f64x2.convert_low_i32x4_s(i32x4.splat(code));
      const scaled = (code: Code, factor: number): Code => vector.mul(code, vector.const(factor));
      const [rows, columns] =
        along === "rows"
          ? [vector.add(float(row), lane), float(column)]
          : [float(row), vector.add(float(column), lane)];
      return [value, scaled(float(batch), 1000), scaled(rows, 100), columns, vector.add(), vector.add(), vector.add()];
    };
    for (const [m, n, k] of [
      [9, 11, 5],
      [13, 1, 6],
      [3, 10, 20],
      [20, 130, 300],
      [2, 3, 0],
    ] as const) {
      const batch = { count: 2, strideA: m * k, strideB: k * n, strideC: m * n };
      // The places are below 4096, so that f32 keeps the values to 2^-12.
      check({ m, n, k, dtype, ...variant, batch }, { epilogue }, (x, i, j, b) => x + 1000 * b + 100 * i + j);
    }
  });
});

describe.each([0, 1])("first row %d", (first) => {
  it.each([
    [70, 700],
    [33, 96],
    [257, 2100],
  ])("results have the same bits, however many rows there are: %d columns, %d steps", (n, k) => {
    const most = 40;
    const rows = [most - 1, 13, 12, 8, 5, 3, 1];
    const each = [false, true].flatMap((wide) => rows.map((m) => ({ wide, m })));
    const results = each.map(({ wide, m }) => {
      const problem = { m, n, k, transposeA: false, transposeB: false, dtype: "f32" } as const;
      const module = new ModuleBuilder();
      module.importMemory({ module: "env", name: "memory", min: 1 });
      module.exportFunction("main", { index: addGemm(module, problem, { relaxed, wide, large }) });
      const sizes = [most * k, k * n, m * n, gemmScratch(problem, { wide, large }) / 4];
      const memory = new WebAssembly.Memory({ initial: Math.ceil((sizes.reduce((a, b) => a + b) * 4) / 65536) });
      const view = new Float32Array(memory.buffer);
      for (let i = 0; i < most * k + k * n; i++) view[i] = Math.sin(i + first);
      const starts = sizes.map((_, i) => 4 * sizes.slice(0, i).reduce((a, b) => a + b, 0));
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
      (exports.main as (...addresses: number[]) => void)(starts[0]! + 4 * first * k, ...starts.slice(1));
      return view.slice(starts[2]! / 4, starts[2]! / 4 + n);
    });
    for (const row of results) expect(row).toEqual(results[0]);
  });
});

it("needs no scratch memory for the products of a small network", () => {
  const dense = { m: 64, n: 64, k: 64, dtype: "f32", transposeA: false, transposeB: false } as const;
  const small = { wide: false, large: undefined };
  expect(gemmScratch(dense, small)).toBe(0);
  expect(gemmScratch({ ...dense, transposeA: true }, small)).toBe(0);
  expect(gemmScratch({ ...dense, transposeB: true }, small)).toBe(64 * 64 * 4);
});
