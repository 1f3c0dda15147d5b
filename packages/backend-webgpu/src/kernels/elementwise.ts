// Elementwise kernels in the arrays' own types, with NaN where it belongs and the accuracy that WGSL does not promise.
import { four, placeOf, repeatStrides } from "./indexing.ts";
import { helpers } from "./math.ts";
import { type Info, type Kernel, runProgram } from "./program.ts";

type Code = Readonly<Record<string, string>>;

/** Expressions of `a` by the operand's type. Booleans are 0 and 1. */
const unary: Readonly<Record<string, Code>> = {
  // Flipping the sign bit also keeps NaN and turns 0 into -0.
  Neg: { float32: "bitcast<f32>(bitcast<u32>(a) ^ 0x80000000u)", int32: "-a" },
  Abs: { float32: "bitcast<f32>(bitcast<u32>(a) & 0x7fffffffu)", int32: "select(a, -a, a < 0)" },
  Sign: { float32: "select(select(select(a, 1.0, order(a) > 0), -1.0, order(a) < 0), a, isnan(a))", int32: "sign(a)" },
  Floor: { float32: "select(floor(a), a, isnan(a))" },
  Exp: { float32: "select(exp(a), a, isnan(a))" },
  Expm1: { float32: "expm1(a)" },
  Log: { float32: "logOf(a)" },
  Log1p: { float32: "log1p(a)" },
  Sin: { float32: "circular(a).x" },
  Cos: { float32: "circular(a).y" },
  Tan: { float32: "tangent(a)" },
  Tanh: { float32: "tanhOf(a)" },
  Sigmoid: { float32: "select(1.0 / (1.0 + exp(-a)), a, isnan(a))" },
  Sqrt: { float32: "squareRoot(a)" },
  Rsqrt: { float32: "rsqrt(a)" },
  LogicalNot: { bool: "1 - a" },
};

const comparison = (operator: string): Code => ({
  float32: `i32(!isnan(a) && !isnan(b) && order(a) ${operator} order(b))`,
  int32: `i32(a ${operator} b)`,
  bool: `i32(a ${operator} b)`,
});

/** Expressions of `a` and `b` by the operands' type. */
const binary: Readonly<Record<string, Code>> = {
  Add: { float32: "a + b", int32: "a + b" },
  Sub: { float32: "a - b", int32: "a - b" },
  Multiply: { float32: "a * b", int32: "a * b" },
  RealDiv: { float32: "divide(a, b)" },
  FloorDiv: { int32: "floorDivide(a, b)", float32: "floor(a / b)" },
  Mod: { float32: "modulo(a, b)", int32: "a - floorDivide(a, b) * b" },
  Pow: { float32: "power(a, b)" },
  Maximum: {
    float32: "select(b, a, isnan(a) || (!isnan(b) && order(a) >= order(b)))",
    int32: "max(a, b)",
    bool: "max(a, b)",
  },
  Minimum: {
    float32: "select(b, a, isnan(a) || (!isnan(b) && order(a) <= order(b)))",
    int32: "min(a, b)",
    bool: "min(a, b)",
  },
  Equal: comparison("=="),
  NotEqual: { ...comparison("!="), float32: "i32(isnan(a) || isnan(b) || order(a) != order(b))" },
  Less: comparison("<"),
  LessEqual: comparison("<="),
  Greater: comparison(">"),
  GreaterEqual: comparison(">="),
  LogicalAnd: { bool: "a & b" },
  LogicalOr: { bool: "a | b" },
  // Not among tfjs's. Words are u32 stored as i32.
  BitAnd: { int32: "a & b" },
  BitOr: { int32: "a | b" },
  BitXor: { int32: "a ^ b" },
  ShiftLeft: { int32: "a << (bitcast<u32>(b) & 31u)" },
  ShiftRight: { int32: "a >> (bitcast<u32>(b) & 31u)" },
  ShiftWordsRight: { int32: "bitcast<i32>(bitcast<u32>(a) >> (bitcast<u32>(b) & 31u))" },
  Divide: { int32: "select(a / b, 0, b == 0)" },
  Remain: { int32: "select(a % b, 0, b == 0)" },
  DivideWords: { int32: "bitcast<i32>(select(bitcast<u32>(a) / bitcast<u32>(b), 0u, b == 0))" },
  RemainWords: { int32: "bitcast<i32>(select(bitcast<u32>(a) % bitcast<u32>(b), 0u, b == 0))" },
};

const comparisons = ["Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual"];

const unaryKernel =
  (name: string): Kernel =>
  (backend, [x]) =>
    runProgram(backend, [x!], x!.shape, x!.dtype, {
      key: name,
      helpers,
      before: "let a = A[index];",
      value: unary[name]![x!.dtype]!,
    });

/** The shape two operands have together. */
function together(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const at = (shape: readonly number[], axis: number): number => shape[axis - rank + shape.length] ?? 1;
  return Array.from({ length: rank }, (_, axis) => (at(a, axis) === 1 ? at(b, axis) : at(a, axis)));
}

const same = (a: readonly number[], b: readonly number[]): boolean => a.join() === b.join();

const binaryKernel =
  (name: string): Kernel =>
  (backend, [a, b]) => {
    const dtype = comparisons.includes(name) ? "bool" : a!.dtype;
    const value = binary[name]![a!.dtype]!;
    if (same(a!.shape, b!.shape)) {
      const before = "let a = A[index]; let b = B[index];";
      return runProgram(backend, [a!, b!], a!.shape, dtype, { key: name, helpers, before, value });
    }
    const shape = together(a!.shape, b!.shape);
    return runProgram(backend, [a!, b!], shape, dtype, {
      key: `${name} repeated`,
      helpers: helpers + placeOf,
      before: `
        let place = placeOf(index);
        let a = A[inner(place, uniforms.stridesOfA)];
        let b = B[inner(place, uniforms.stridesOfB)];`,
      value,
      numbers: {
        dims: four(shape, 1),
        stridesOfA: four(repeatStrides(a!.shape, shape), 0),
        stridesOfB: four(repeatStrides(b!.shape, shape), 0),
      },
    });
  };

const select: Kernel = (backend, [condition, t, e]) =>
  runProgram(backend, [condition!, t!, e!], t!.shape, t!.dtype, {
    key: "select",
    value: "select(C[index], B[index], A[index] != 0)",
  });

/** To `i32` towards zero; to `bool` whether it is not zero. */
const cast: Kernel = (backend, [x], attrs) => {
  const dtype = attrs.dtype as Info["dtype"];
  const to =
    dtype === "float32" ? "f32(a)" : dtype === "int32" ? "i32(a)" : `i32(a != ${x!.dtype === "float32" ? "0.0" : "0"})`;
  return runProgram(backend, [x!], x!.shape, dtype, { key: `cast ${dtype}`, before: "let a = A[index];", value: to });
};

export const elementwise: Readonly<Record<string, Kernel>> = {
  ...Object.fromEntries(Object.keys(unary).map((name) => [name, unaryKernel(name)])),
  ...Object.fromEntries(Object.keys(binary).map((name) => [name, binaryKernel(name)])),
  Select: select,
  Cast: cast,
};
