import { describe, expect, it } from "vitest";
import { array } from "./make-array.ts";
import { add, exp, mul, neg } from "./ops/elementwise.ts";
import { matmul } from "./ops/linear.ts";
import { pad } from "./ops/padding.ts";
import { sum } from "./ops/reduction.ts";
import { scan } from "./ops/scan.ts";
import { mean } from "./ops/statistics.ts";
import type { PrimitiveName } from "./primitives/params.ts";
import { ruleOf } from "./primitives/table.ts";
import { type Node, Program, type Value, verify } from "./program.ts";
import { record } from "./record.ts";
import type { Tensor } from "./tensor.ts";
import { valueAndGrad } from "./transforms/grad.ts";

const vector = { shape: [3], dtype: "f32" } as const;

describe("printing", () => {
  it("one node a line", () => {
    const { program } = record((x, y) => sum(exp(mul(x, y))), vector, vector);
    expect(String(program)).toMatchInlineSnapshot(`
      "(%0: f32[3], %1: f32[3]) {
        %2: f32[3] = mul %0 %1
        %3: f32[3] = exp %2
        %4: f32[] = sum %3 {axes: [0]}
        return %4
      }"
    `);
  });

  it("parameters and constants", () => {
    const { program } = record((x) => pad(add(x, array([1, 2, 3])), [1], [0], -0), vector);
    expect(String(program)).toMatchInlineSnapshot(`
      "(%0: f32[3]) {
        %1: f32[3] = constant {value: f32[3](1, 2, 3)}
        %2: f32[3] = add %0 %1
        %3: f32[4] = pad %2 {low: [1], high: [0], interior: [0], value: -0}
        return %3
      }"
    `);
  });

  it("long constants are cut", () => {
    expect(String(record(() => array(new Float64Array(9))).program)).toMatchInlineSnapshot(`
      "() {
        %0: f64[9] = constant {value: f64[9](0, 0, 0, 0, ...)}
        return %0
      }"
    `);
  });

  it("loops are indented", () => {
    const { program } = record(
      (x, w) => scan((c: Tensor, z: Tensor) => [add(mul(c, w), z), neg(c)] as const, 0, x),
      vector,
      {
        shape: [],
        dtype: "f32",
      },
    );
    expect(String(program)).toMatchInlineSnapshot(`
      "(%0: f32[3], %1: f32[]) {
        %2: f32[] = full {value: 0, shape: [], dtype: f32}
        %3: f32[], %4: f32[3] = scan %1 %2 %0 {body: (%0: f32[], %1: f32[], %2: f32[]) {
          %3: f32[] = mul %1 %0
          %4: f32[] = add %3 %2
          %5: f32[] = neg %1
          return %4, %5
        }, length: 3, consts: 1, carry: 1, reverse: false}
        return %3, %4
      }"
    `);
  });

  it("a training step", () => {
    const { program } = record(
      (w: Tensor, x: Tensor) => valueAndGrad((v: Tensor) => mean(exp(matmul(x, v))))(w),
      { shape: [2, 1], dtype: "f32" },
      { shape: [4, 2], dtype: "f32" },
    );
    expect(String(program)).toMatchInlineSnapshot(`
      "(%0: f32[2, 1], %1: f32[4, 2]) {
        %2: f32[4, 1] = dot %1 %0 {transposeA: false, transposeB: false}
        %3: f32[4, 1] = exp %2
        %4: f32[] = sum %3 {axes: [0, 1]}
        %5: f32[] = full {value: 4, shape: [], dtype: f32}
        %6: f32[] = div %4 %5
        %7: f32[] = full {value: 1, shape: [], dtype: f32}
        %8: f32[] = full {value: 4, shape: [], dtype: f32}
        %9: f32[] = div %7 %8
        %10: f32[4, 1] = broadcast %9 {shape: [4, 1], axes: []}
        %11: f32[4, 1] = mul %10 %3
        %12: f32[2, 1] = dot %1 %11 {transposeA: true, transposeB: false}
        return %6, %12
      }"
    `);
  });
});

describe("verify", () => {
  const input: Value = { ...vector };
  const output: Value = { ...vector };
  const node = (
    inputs: readonly Value[],
    outputs: readonly Value[],
    primitive: PrimitiveName = "neg",
    params = {},
  ): Node => ({ primitive, rule: ruleOf(primitive), params, inputs, outputs, scope: "" }) as unknown as Node;

  it("accepts what record makes", () => {
    const { program } = record((x) => sum(exp(x)), vector);
    expect(verify(program)).toBe(program);
  });

  const cases: [string, Program, string][] = [
    [
      "a value used too early",
      new Program([], [node([input], [output])], [output]),
      'before it is defined in "%0: f32[3] = neg %?"',
    ],
    [
      "a wrong shape",
      new Program([input], [node([input], [{ shape: [4], dtype: "f32" }])], []),
      "declares f32[4]; the rule of neg says f32[3]",
    ],
    ["a wrong dtype", new Program([input], [node([input], [{ shape: [3], dtype: "f64" }])], []), "declares f64[3]"],
    [
      "too many outputs",
      new Program([input], [node([input], [output, { ...vector }])], []),
      "has 2 outputs; neg yields 1",
    ],
    [
      "a value defined twice",
      new Program([input], [node([input], [output]), node([input], [output])], []),
      "defined twice",
    ],
    ["an input listed twice", new Program([input, input], [], []), "an input is listed twice"],
    ["an undefined output", new Program([input], [], [output]), "an output f32[3] is never defined"],
    [
      "inputs that do not fit",
      new Program([input, output], [node([input], [{ ...vector }], "add")], []),
      "add: received 1 inputs",
    ],
    [
      "a body that does not fit",
      new Program(
        [input],
        [
          node([input], [], "scan", {
            body: new Program([{ shape: [], dtype: "f32" }], [node([output], [{ ...vector }])], []),
            length: 3,
            consts: 0,
            carry: 0,
            reverse: false,
          }),
        ],
        [],
      ),
      "before it is defined",
    ],
  ];
  it.each(cases)("finds %s", (_, program, message) => {
    expect(() => verify(program)).toThrow(message);
  });
});
