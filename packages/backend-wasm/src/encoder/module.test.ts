// The encoder: modules that engines accept, and every instruction table checked by validation and evaluation.
import { describe, expect, it } from "vitest";
import { type Code, encode, signed, unsigned, type ValueType } from "./code.ts";
import { block, br, br_if, call, forLoop, local, loop, select, selectVector, when } from "./control.ts";
import { ModuleBuilder } from "./module.ts";
import { f32, f32x4, f64, f64x2, i8x16, i16x8, i32, i32x4, i64, i64x2, memory, v128 } from "./opcodes.ts";

function compile(params: readonly ValueType[], results: readonly ValueType[], code: Code) {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", min: 1 });
  const fn = module.addFunction(params, results);
  fn.emit(code);
  module.exportFunction("main", fn);
  const storage = new WebAssembly.Memory({ initial: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory: storage } });
  return { run: exports.main as (...args: number[]) => number, storage };
}

const constants: Record<ValueType, Code> = {
  i32: i32.const(3),
  i64: i64.const(3n),
  f32: f32.const(3),
  f64: f64.const(3),
  v128: v128.const([0, 0, 64, 64, 0, 0, 64, 64, 0, 0, 8, 64, 0, 0, 8, 64]),
};

/** The signature of a scalar or vector instruction, from its name. */
function signatureOf(type: string, name: string): { operands: ValueType[]; result: ValueType } {
  const vector = type.includes("x") || type === "v128";
  const own = (vector ? "v128" : type) as ValueType;
  const scalar = (/^(i8|i16|i32)x/.test(type) ? "i32" : type.split("x")[0]) as ValueType;
  if (name === "splat") return { operands: [scalar], result: "v128" };
  if (vector && /^(shl|shr_[su])$/.test(name)) return { operands: ["v128", "i32"], result: "v128" };
  if (/^(all_true|any_true|bitmask)$/.test(name)) return { operands: ["v128"], result: "i32" };
  if (/^(bitselect|relaxed_n?madd|relaxed_laneselect)$/.test(name))
    return { operands: ["v128", "v128", "v128"], result: own };
  const converted = /_(i32|i64|f32|f64)(_[su])?$/.exec(name);
  if (!vector && converted) return { operands: [converted[1] as ValueType], result: own };
  if (
    /^(abs|neg|not|ceil|floor|trunc|nearest|sqrt|clz|ctz|popcnt|eqz|extend|relaxed_trunc|demote|promote|convert|trunc_sat)/.test(
      name,
    )
  ) {
    return { operands: [own], result: name === "eqz" ? "i32" : own };
  }
  const compares = /^(eq|ne|lt|gt|le|ge)(_[su])?$/.test(name);
  return { operands: [own, own], result: compares && !vector ? "i32" : own };
}

describe("instruction tables", () => {
  const tables = { i32, i64, f32, f64, v128, i8x16, i16x8, i32x4, i64x2, f32x4, f64x2 };
  const special = /^(const|load.*|store.*|extract_lane.*|replace_lane|shuffle)$/;
  const cases = Object.entries(tables).flatMap(([type, table]) =>
    Object.entries(table)
      .filter(([name]) => !special.test(name))
      .map(([name, instruction]) => ({ type, name, instruction: instruction as (...operands: Code[]) => Code })),
  );
  it.each(cases)("$type.$name", ({ type, name, instruction }) => {
    const { operands, result } = signatureOf(type, name);
    const code = instruction(...operands.map((operand) => constants[operand]));
    expect(() => compile([], [], [code, 0x1a])).not.toThrow();
    // The result has the expected type.
    expect(() => compile([], [], [local.get(0)])).toThrow();
    const module = new ModuleBuilder();
    module.addFunction([], [result]).emit(code);
    expect(WebAssembly.validate(module.toBytes())).toBe(true);
  });

  // One instruction of each run of opcodes, by value: a table shifted by one would validate too.
  const word = (value: Code): Code => i32x4.extract_lane(0, value);
  const single = (value: Code): Code => i32.trunc_f32_s(f32x4.extract_lane(0, value));
  const double = (value: Code): Code => i32.trunc_f64_s(f64x2.extract_lane(0, value));
  it.each<[string, Code, number]>([
    ["i32.rem_s", i32.rem_s(i32.const(-7), i32.const(4)), -3],
    ["i32.rotr", i32.rotr(i32.const(1), i32.const(1)), -2147483648],
    ["i32.ge_u", i32.ge_u(i32.const(-1), i32.const(4)), 1],
    ["i64.shr_u", i32.wrap_i64(i64.shr_u(i64.const(-1n), i64.const(60n))), 15],
    ["f32.copysign", i32.trunc_f32_s(f32.copysign(f32.const(3), f32.const(-1))), -3],
    ["f64.nearest", i32.trunc_f64_s(f64.nearest(f64.const(2.5))), 2],
    ["i32.trunc_sat_f64_u", i32.trunc_sat_f64_u(f64.const(-5)), 0],
    ["i32x4.max_u", word(i32x4.max_u(i32x4.const(-1), i32x4.const(1))), -1],
    ["i32x4.mul", word(i32x4.mul(i32x4.const(-3), i32x4.const(5))), -15],
    ["i32x4.gt_s", word(i32x4.gt_s(i32x4.const(-3), i32x4.const(5))), 0],
    ["i64x2.ge_s", word(i64x2.ge_s(i64x2.const(3n), i64x2.const(3n))), -1],
    ["i64x2.sub", i32.wrap_i64(i64x2.extract_lane(1, i64x2.sub(i64x2.const(3n), i64x2.const(5n)))), -2],
    ["f32x4.pmax", single(f32x4.pmax(f32x4.const(3), f32x4.const(5))), 5],
    ["f32x4.sqrt", single(f32x4.sqrt(f32x4.const(9))), 3],
    ["f32x4.nearest", single(f32x4.nearest(f32x4.const(3.5))), 4],
    ["f64x2.pmin", double(f64x2.pmin(f64x2.const(3), f64x2.const(5))), 3],
    ["f64x2.floor", double(f64x2.floor(f64x2.const(-3.5))), -4],
    ["f64x2.trunc", double(f64x2.trunc(f64x2.const(-3.5))), -3],
    ["f64x2.relaxed_nmadd", double(f64x2.relaxed_nmadd(f64x2.const(2), f64x2.const(3), f64x2.const(10))), 4],
    ["f32x4.relaxed_madd", single(f32x4.relaxed_madd(f32x4.const(2), f32x4.const(3), f32x4.const(10))), 16],
    ["i16x8.narrow", i16x8.extract_lane_s(7, i16x8.narrow_i32x4_s(i32x4.const(1), i32x4.const(-70000))), -32768],
    [
      "i8x16.shuffle",
      i8x16.extract_lane_u(0, i8x16.shuffle([17, ...new Array(15).fill(0)], i32x4.const(1), i32x4.const(513))),
      2,
    ],
    ["v128.andnot", word(v128.andnot(i32x4.const(7), i32x4.const(2))), 5],
    ["select", select(i32.const(1), i32.const(2), i32.const(0)), 2],
    ["selectVector", word(selectVector(i32x4.const(1), i32x4.const(2), i32.const(1))), 1],
  ])("computes %s", (_, code, expected) => expect(compile([], ["i32"], code).run()).toBe(expected));
});

describe("memory", () => {
  it("loads and stores with offsets, lanes and splats", () => {
    const address = i32.const(8);
    const { run, storage } = compile(
      [],
      [],
      [
        v128.store(address, v128.load32_splat(i32.const(0), 4), 8),
        v128.store32_lane(2, address, v128.load(address, 8), 24),
        v128.store64_lane(1, address, v128.load64_zero(i32.const(0)), 32),
        f64.store(address, f64.load(i32.const(0)), 200),
        memory.copy(i32.const(64), i32.const(0), i32.const(8)),
        memory.fill(i32.const(72), i32.const(255), i32.const(2)),
        v128.store(i32.const(96), v128.load32_lane(3, i32.const(4), i32x4.const(7))),
      ],
    );
    const words = new Int32Array(storage.buffer);
    words.set([11, 22]);
    words.fill(9, 10, 12);
    run();
    expect([...words.subarray(0, 12)]).toEqual([11, 22, 0, 0, 22, 22, 22, 22, 22, 0, 0, 0]);
    expect([...words.subarray(16, 20)]).toEqual([11, 22, 65535, 0]);
    expect([...words.subarray(24, 28)]).toEqual([7, 7, 7, 22]);
    expect([...words.subarray(52, 54)]).toEqual([11, 22]);
  });
  it("accepts shared memory and data segments", () => {
    const module = new ModuleBuilder();
    module.importMemory({ module: "env", name: "memory", min: 1, max: 2, shared: true });
    module.addData(100, new Uint8Array([1, 2, 3]));
    const storage = new WebAssembly.Memory({ initial: 1, maximum: 2, shared: true });
    new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory: storage } });
    expect([...new Uint8Array(storage.buffer, 99, 5)]).toEqual([0, 1, 2, 3, 0]);
  });
});

describe("control", () => {
  it.each([
    [0, 10, 1, 45],
    [0, 10, 3, 18],
    [3, 4, 1, 3],
    [4, 4, 1, 0],
    [7, 4, 1, 0],
  ])("loops from %i to %i by %i", (start, limit, step, total) => {
    const body = local.set(3, i32.add(local.get(3), local.get(2)));
    const sum = (from: number | Code, to: number | Code): number => {
      const module = new ModuleBuilder();
      const fn = module.addFunction(["i32", "i32"], ["i32"]);
      const [index, accumulator] = fn.locals("i32", 2);
      fn.emit(forLoop({ index, start: from, limit: to, step }, body), local.get(accumulator));
      module.exportFunction("main", fn);
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()));
      return (exports.main as (a: number, b: number) => number)(start, limit);
    };
    expect(sum(start, limit)).toBe(total);
    expect(sum(local.get(0), local.get(1))).toBe(total);
  });
  it("branches, calls and imports", () => {
    const module = new ModuleBuilder();
    const log: number[] = [];
    const imported = module.importFunction("env", "log", { params: ["i32"], results: [] });
    const main = module.addFunction(["i32"], ["i32"]);
    const half = module.addFunction(["i32"], ["i32"]);
    half.emit(i32.shr_u(local.get(0), i32.const(1)));
    main.emit(
      block(
        loop([call(imported, local.get(0)), br_if(1, i32.eqz(local.tee(0, call(half.index, local.get(0))))), br(0)]),
      ),
      when(local.get(0), i32.const(1), i32.const(42), "i32"),
    );
    module.exportFunction("main", main);
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), {
      env: { log: (value: number) => log.push(value) },
    });
    expect((exports.main as (n: number) => number)(9)).toBe(42);
    expect(log).toEqual([9, 4, 2, 1]);
  });
  it("reuses released locals of the same type", () => {
    const fn = new ModuleBuilder().addFunction(["i32"]);
    const first = fn.local("v128");
    fn.release(first, 0);
    expect(fn.local("i32")).not.toBe(0);
    expect(fn.local("v128")).toBe(first);
  });
});

it.each([
  [unsigned(127), [127]],
  [unsigned(128), [128, 1]],
  [unsigned(624485), [0xe5, 0x8e, 0x26]],
  [unsigned(4294967295), [255, 255, 255, 255, 15]],
  [signed(63), [63]],
  [signed(64), [0xc0, 0]],
  [signed(-64), [0x40]],
  [signed(-65), [0xbf, 0x7f]],
  [signed(-123456), [0xc0, 0xbb, 0x78]],
  [signed(0xffffffff), [0x7f]],
  [signed(-1n), [0x7f]],
  [signed(-(2n ** 63n)), [128, 128, 128, 128, 128, 128, 128, 128, 128, 127]],
])("encodes an integer as %j", (integer, bytes) => {
  expect([...encode([integer])]).toEqual(bytes);
});
