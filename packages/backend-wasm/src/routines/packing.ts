// Packing: two floats to a word as bfloat16, 32 booleans to a word. What reads floats unpacks them itself. Vectors of whole words, then what is left, one by one.
import { sizeOf, type Value } from "@hooke/runtime";
import type { Emitter } from "../codegen/emitter.ts";
import { inPieces, piecesOf } from "../dividing/grain.ts";
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, select } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i8x16, i32, i32x4, v128 } from "../encoder/opcodes.ts";
import type { Routine } from "./routine.ts";

/** What one group of elements takes: bytes that are read and written, and the code from one pointer to another. */
interface Group {
  readonly elements: number;
  readonly read: number;
  readonly written: number;
  readonly code: (fn: FunctionBuilder, from: number, to: number) => Code;
  /** The code of fewer elements, whose words have room left. */
  readonly rest: (fn: FunctionBuilder, from: number, to: number, count: number) => Code;
}

const { get, set, tee } = local;
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** The same byte, or the same eight, in a vector. */
const bytes = (...of: readonly number[]): Code => v128.const(upTo(16).map((i) => of[i % of.length]!));
const shiftBytesLeft = (vector: Code, by: number): Code => [vector, i32.const(by), 0xfd, 0x6b];
const equalBytes = (a: Code, b: Code): Code => [a, b, 0xfd, 0x23];
/** The highest bit of every byte. */
const highestBits = (vector: Code): Code => [vector, 0xfd, 0x64];

/** The words of four floats with what rounds them to their upper halves. */
function roundedVector(fn: FunctionBuilder, words: Code): Code {
  const word = fn.local("v128");
  const odd = i32x4.shr_u(i32x4.shl(get(word), i32.const(15)), i32.const(31));
  const rounded = i32x4.add(i32x4.add(get(word), odd), i32x4.const(0x7fff));
  const notANumber = i32x4.gt_s(v128.and(get(word), i32x4.const(0x7fffffff)), i32x4.const(0x7f800000));
  const code = v128.bitselect(v128.or(tee(word, words), i32x4.const(0x400000)), rounded, notANumber);
  fn.release(word);
  return code;
}

function roundedHalf(fn: FunctionBuilder, word: Code): Code {
  const own = fn.local("i32");
  const upper = tee(own, word);
  const half = (value: Code): Code => i32.shr_u(value, i32.const(16));
  const notANumber = i32.gt_u(i32.and(get(own), i32.const(0x7fffffff)), i32.const(0x7f800000));
  const odd = i32.and(half(get(own)), i32.const(1));
  const rounded = half(i32.add(i32.add(get(own), odd), i32.const(0x7fff)));
  const code = select(i32.or(half(upper), i32.const(0x40)), rounded, notANumber);
  fn.release(own);
  return code;
}

const packFloats: Group = {
  elements: 8,
  read: 32,
  written: 16,
  code(fn, from, to) {
    const [a, b] = fn.locals("v128", 2);
    const upper = upTo(8).flatMap((i) => [4 * i + 2, 4 * i + 3]);
    const code = [
      set(a, roundedVector(fn, v128.load(get(from)))),
      set(b, roundedVector(fn, v128.load(get(from), 16))),
      v128.store(get(to), i8x16.shuffle(upper, get(a), get(b))),
    ];
    fn.release(a, b);
    return code;
  },
  rest: (fn, from, to, count) => [
    upTo(count).map((i) => i32.store16(get(to), roundedHalf(fn, i32.load(get(from), 4 * i)), 2 * i)),
    count % 2 === 0 ? [] : i32.store16(get(to), i32.const(0), 2 * count),
  ],
};

const packBooleans: Group = {
  elements: 32,
  read: 32,
  written: 4,
  code: (_, from, to) =>
    [0, 16].map((first) =>
      i32.store16(get(to), highestBits(shiftBytesLeft(v128.load(get(from), first), 7)), first / 8),
    ),
  rest(_, from, to, count) {
    const word = upTo(count).reduce<Code>(
      (all, i) => i32.or(all, i32.shl(i32.load8_u(get(from), i), i32.const(i))),
      i32.const(0),
    );
    return i32.store(get(to), word);
  },
};

const unpackBooleans: Group = {
  elements: 32,
  read: 4,
  written: 32,
  code(fn, from, to) {
    const spread = fn.local("v128");
    const places = bytes(...upTo(8).map((i) => 1 << i));
    const code = [0, 2].map((first) => {
      const own = upTo(16).map((i) => first + (i >> 3));
      const repeated = i8x16.shuffle(own, tee(spread, i32x4.splat(i32.load(get(from)))), get(spread));
      const chosen = equalBytes(v128.and(repeated, places), places);
      return v128.store(get(to), v128.and(chosen, bytes(1)), 8 * first);
    });
    fn.release(spread);
    return code;
  },
  rest: (_, from, to, count) =>
    upTo(count).map((i) => i32.store8(get(to), i32.and(i32.shr_u(i32.load(get(from)), i32.const(i)), i32.const(1)), i)),
};

export function emitPacking({ emitter, node, operands, output, fn }: Routine<"pack" | "unpack">): void {
  const isPacking = node.primitive === "pack";
  const [array] = isPacking ? node.inputs : node.outputs;
  const { shape, dtype } = array as Value;
  const group = isPacking ? (dtype === "f32" ? packFloats : packBooleans) : unpackBooleans;
  const count = sizeOf(shape);
  const groups = Math.floor(count / group.elements);
  const rest = count % group.elements;
  if (groups > 0) fn.emit(divided(emitter, fn, group, groups, operands[0]!, output));
  if (rest === 0) return;
  const [from, to] = fn.locals("i32", 2);
  fn.emit(
    set(from, plus(operands[0]!, [i32.const(groups), group.read])),
    set(to, plus(output, [i32.const(groups), group.written])),
    group.rest(fn, from, to, rest),
  );
}

/** Whole groups, in pieces where that is worth it. */
function divided(
  emitter: Emitter,
  own: FunctionBuilder,
  group: Group,
  groups: number,
  source: Code,
  target: Code,
): Code {
  const part = (fn: FunctionBuilder, count: number, first: Code): Code => {
    const [from, to, i] = fn.locals("i32", 3);
    const code = [
      set(from, plus(source, [first, group.read])),
      set(to, plus(target, [first, group.written])),
      forLoop({ index: i, start: 0, limit: count }, [
        group.code(fn, from, to),
        advance(from, group.read),
        advance(to, group.written),
      ]),
    ];
    fn.release(from, to, i);
    return code;
  };
  const pieces = piecesOf(emitter, 6 * groups * group.elements, groups);
  if (pieces === 1) return part(own, groups, i32.const(0));
  return inPieces(emitter, groups, Math.ceil(groups / pieces), part);
}
