// Every instruction of vectors on two that lie side by side, as an engine would join them, on the edges of numbers. Run by itself, it writes the results to a file.
import { writeFileSync } from "node:fs";
import type { Code } from "../encoder/code.ts";
import { local } from "../encoder/control.ts";
import { ModuleBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i8x16, i16x8, i32, i32x4, i64x2, v128 } from "../encoder/opcodes.ts";

/** Code of one vector of results, of so many operands. */
interface Instruction {
  readonly name: string;
  readonly operands: number;
  code(...operands: readonly Code[]): Code;
}

/** V8's own negation of f64, which is wrong for pairs in Node 24.21: generated code does not use it. */
export const faulty = "f64x2.neg, the instruction";

/** What takes an immediate or an address, or leaves no vector. */
const special = /^(const|load.*|store.*|extract_lane.*|replace_lane|shuffle|splat|any_true|shl|shr_[su])$/;
const ternary = /^(bitselect|relaxed_n?madd|relaxed_laneselect)$/;
const unary = /^(abs|neg|not|sqrt|ceil|floor|trunc|nearest|extend|demote|promote|convert|trunc_sat)/;

/** Orders of lanes in which generated code puts vectors together: of 32 bits, 0 to 3 of the first vector, 4 to 7 of the second. */
const orders = [
  [0, 0, 0, 0],
  [0, 1, 0, 1],
  [2, 3, 2, 3],
  [0, 1, 4, 5],
  [2, 3, 6, 7],
  [0, 4, 1, 5],
  [2, 6, 3, 7],
  [0, 2, 4, 6],
  [1, 3, 5, 7],
  [0, 4, 0, 4],
  [1, 0, 3, 2],
];

/** A number that is given to functions, for both vectors the same. */
const given = local.get(1);

function* each(): Generator<Instruction> {
  for (const [type, table] of Object.entries({ v128, i8x16, i16x8, i32x4, i64x2, f32x4, f64x2 })) {
    for (const [name, code] of Object.entries(table as unknown as Record<string, Instruction["code"]>)) {
      if (special.test(name)) continue;
      yield { name: `${type}.${name}`, operands: ternary.test(name) ? 3 : unary.test(name) ? 1 : 2, code };
    }
  }
  yield { name: faulty, operands: 1, code: (x) => [x!, 0xfd, 0xed, 1] };
  for (const [type, table] of Object.entries({ i32x4, i64x2 })) {
    for (const name of ["shl", "shr_s", "shr_u"] as const) {
      for (const count of [0, 1, 23, 31, 33, 63]) {
        yield { name: `${type}.${name} ${count}`, operands: 1, code: (x) => table[name](x!, i32.const(count)) };
      }
      yield { name: `${type}.${name} given`, operands: 1, code: (x) => table[name](x!, given) };
    }
  }
  for (const order of orders) {
    const bytes = order.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte));
    yield { name: `shuffle ${order}`, operands: 2, code: (x, y) => i8x16.shuffle(bytes, x!, y!) };
    yield { name: `shuffle ${order} of one`, operands: 1, code: (x) => i8x16.shuffle(bytes, x!, x!) };
  }
  // One number beside a vector.
  for (const name of ["add", "mul", "div", "min", "pmax", "lt"] as const) {
    const four: Instruction["code"] = (x) => f32x4[name](x!, v128.load32_splat(i32.const(0), 8));
    const two: Instruction["code"] = (x) => f64x2[name](v128.load64_splat(i32.const(0), 8), x!);
    yield { name: `f32x4.${name} of a load32_splat`, operands: 1, code: four };
    yield { name: `f64x2.${name} of a load64_splat`, operands: 1, code: two };
    yield { name: `f32x4.${name} of a constant`, operands: 1, code: (x) => f32x4[name](x!, f32x4.const(1.5)) };
    yield { name: `f64x2.${name} of a constant`, operands: 1, code: (x) => f64x2[name](f64x2.const(-0), x!) };
    const splat: Instruction["code"] = (x) => i32x4[name === "div" ? "sub" : "add"](x!, i32x4.splat(given));
    yield { name: `i32x4 of a splat, ${name}`, operands: 1, code: splat };
  }
}

export const instructions: readonly Instruction[] = [...each()];

/** The instruction of each function of the module: one for each choice of operands that are read again later, so that they keep their registers. */
export const functions: readonly { readonly instruction: Instruction; readonly kept: readonly number[] }[] =
  instructions.flatMap((instruction) =>
    Array.from({ length: 2 ** instruction.operands }, (_, chosen) => ({
      instruction,
      kept: Array.from({ length: instruction.operands }, (_, i) => i).filter((i) => (chosen >> i) % 2 === 1),
    })),
  );

const page = 2 ** 16;
/** Bytes of one operand at most, and of one result. */
const room = 4 * page;

/** Functions of an address, each of which computes a pair of vectors. Not in loops of their own: what these pass on keeps V8 from joining so little. */
function compiled(): { run: readonly ((address: number, given: number) => void)[]; memory: ArrayBuffer } {
  const module = new ModuleBuilder();
  module.importMemory({ module: "env", name: "memory", min: 1 });
  for (const [index, { instruction, kept }] of functions.entries()) {
    const fn = module.addFunction(["i32", "i32"]);
    const pairs = Array.from({ length: instruction.operands }, () => fn.locals("v128", 2));
    const results = fn.locals("v128", 2);
    const place = (array: number, v: number): number => page + array * room + 16 * v;
    const write = (array: number, pair: readonly number[]): Code =>
      pair.map((x, v) => v128.store(local.get(0), local.get(x), place(3 + array, v)));
    fn.emit(
      pairs.map((pair, i) => pair.map((x, v) => local.set(x, v128.load(local.get(0), place(i, v))))),
      results.map((result, v) => local.set(result, instruction.code(...pairs.map((pair) => local.get(pair[v]!))))),
      write(0, results),
      kept.map((i) => write(1 + i, pairs[i]!)),
    );
    module.exportFunction(String(index), fn);
  }
  const memory = new WebAssembly.Memory({ initial: 1 + (7 * room) / page });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.toBytes()), { env: { memory } });
  return {
    run: functions.map((_, index) => exports[index] as (address: number, given: number) => void),
    memory: memory.buffer,
  };
}

const signed = (values: readonly number[]): number[] => values.flatMap((x) => [x, -x]);
const floats = [0, 0.5, 1, 1.5, 2.5, 3e-3, 8388607.5, 2 ** 31, 2 ** 32, 2 ** 53, Number.POSITIVE_INFINITY];
const single = [1e-45, 1.1754942e-38, 1.1754944e-38, 3.4028235e38, 2147483520, 4294967040];
const double = [5e-324, 2.225073858507201e-308, 2.2250738585072014e-308, Number.MAX_VALUE, 1e-310, 3e38, 4294967295.5];
// Quiet and signalling NaN with other bits, and whole numbers that are no floats of note.
const words = [
  0x7fc00000, 0x7fc12345, 0xffc00000, 0x7fa00001, 0x7fffffff, 0xffffffff, 0x80000001, 0x0000ffff, 0x12345678,
];
const longs = [
  0x7ff8n << 48n,
  0xfff8123456789abcn,
  0x7ff4000000000001n,
  2n ** 63n - 1n,
  2n ** 64n - 1n,
  2n ** 63n + 1n,
  0x123456789abcdefn,
];

/** Bytes of the edges of numbers in lanes of 32 and of 64 bits; `few` of them where all combinations of three are tried. */
const edges = (few: boolean): readonly (readonly Uint8Array[])[] => {
  const thin = <T>(list: readonly T[]): T[] => list.filter((_, i) => !few || i % 4 === 0);
  const four = [
    ...thin(signed([...floats, ...single])).map((x) => new Float32Array([x])),
    ...thin(words).map((x) => new Uint32Array([x])),
  ];
  const eight = [
    ...thin(signed([...floats, ...double])).map((x) => new Float64Array([x])),
    ...thin(longs).map((x) => new BigUint64Array([x])),
  ];
  return [four, eight].map((list) => list.map(({ buffer }) => new Uint8Array(buffer)));
};

/** Writes all combinations of so many operands. @returns the bytes of each, whole pairs of vectors */
function combine(memory: ArrayBuffer, lanes: readonly Uint8Array[], operands: number): number {
  const count = lanes.length ** operands;
  const size = lanes[0]!.length;
  const bytes = Math.ceil((count * size) / 32) * 32;
  for (let operand = 0; operand < operands; operand++) {
    const target = new Uint8Array(memory, page + operand * room, bytes);
    for (let i = 0; i < bytes / size; i++)
      target.set(lanes[Math.floor(i / lanes.length ** operand) % lanes.length]!, i * size);
  }
  return bytes;
}

/** The bytes that each of {@link functions} leaves, of the edges in lanes of 32 and of 64 bits. */
export function results(): Buffer[] {
  const { run, memory } = compiled();
  new Float32Array(memory, 8, 2).set([0.75, 1.5]);
  return functions.map(({ instruction: { operands }, kept }, index) => {
    const left: Uint8Array[] = [];
    for (const lanes of edges(operands === 3)) {
      const bytes = combine(memory, lanes, operands);
      for (let at = 0; at < bytes; at += 32) run[index]!(at, 7);
      for (const array of [0, ...kept.map((i) => 1 + i)])
        left.push(new Uint8Array(memory, page + (3 + array) * room, bytes).slice());
    }
    return Buffer.concat(left);
  });
}

if (process.argv[1] === import.meta.filename) writeFileSync(process.argv[2]!, Buffer.concat(results()));
