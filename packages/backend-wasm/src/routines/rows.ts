// Rows: runs of neighbouring elements copied, cleared, added or combined, a vector at a time.
import { byteSize, type DType } from "@hooke/runtime";
import { type Lanes, loadVector, storeVector } from "../codegen/vector.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import { copyPair } from "../encoder/copy.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { f32x4, f64x2, i32, i32x4, memory, v128 } from "../encoder/opcodes.ts";
import { round } from "../encoder/round.ts";

/** Rows up to this many bytes are copied by instructions in place. */
const shortRow = 256;

const pieces = [
  { bytes: 16, load: v128.load, store: v128.store },
  { bytes: 8, load: v128.load64_zero, store: undefined },
  { bytes: 4, load: i32.load, store: i32.store },
  { bytes: 2, load: i32.load16_u, store: i32.store16 },
  { bytes: 1, load: i32.load8_u, store: i32.store8 },
] as const;

/** Copies `bytes` bytes between addresses held by locals. */
export function copyRow(target: number, source: number, bytes: number): Code {
  if (bytes > shortRow) return memory.copy(local.get(target), local.get(source), i32.const(bytes));
  const code: Code[] = [];
  let done = 0;
  for (; bytes - done >= 32; done += 32) code.push(copyPair(local.get(target), local.get(source), done));
  for (const { bytes: size, load, store } of pieces) {
    for (; bytes - done >= size; done += size) {
      const value = load(local.get(source), done);
      code.push(store ? store(local.get(target), value, done) : v128.store64_lane(0, local.get(target), value, done));
    }
  }
  return code;
}

/** Clears `bytes` bytes at an address held by a local. */
export function clearRow(target: number, bytes: number): Code {
  if (bytes > shortRow) return memory.fill(local.get(target), i32.const(0), i32.const(bytes));
  const zero = v128.const(new Array(16).fill(0));
  const code: Code[] = [];
  let done = 0;
  for (; bytes - done >= 16; done += 16) code.push(v128.store(local.get(target), zero, done));
  for (; bytes - done >= 4; done += 4) code.push(i32.store(local.get(target), i32.const(0), done));
  for (; bytes - done >= 1; done += 1) code.push(i32.store8(local.get(target), i32.const(0), done));
  return code;
}

/** A run of elements that a row operation reads or writes. */
export interface Row {
  /** The local that holds its address. */
  readonly address: number;
  readonly dtype: DType;
}

/**
 * For every vector of a row of `count` elements, stores `compute(vectors of the sources)` in the targets.
 *
 * @param compute one code per target; the operands are codes of locals and may be repeated
 */
export function mapRow(
  fn: FunctionBuilder,
  count: number,
  sources: readonly Row[],
  targets: readonly Row[],
  compute: (...vectors: readonly Code[]) => readonly Code[],
): Code {
  const rows = [...sources, ...targets];
  const lanes: Lanes = rows.some(({ dtype }) => dtype === "f64") ? 2 : 4;
  const offset = fn.local("i32");
  const scratch = fn.local("v128");
  const places = rows.map(() => fn.local("i32"));
  const whole = Math.floor(count / lanes) * lanes;
  // Two vectors at a time, so that an engine joins them: all is read before anything is written, at one address but for constants.
  const pairs = rows.every(({ dtype }) => byteSize[dtype] * lanes === 16) ? 2 : 1;
  const inPairs = Math.floor(whole / lanes / pairs) * pairs * lanes;
  // The offset counts 4 bytes an element; f64 elements take twice that.
  const at = ({ address, dtype }: Row): Code => {
    const bytes = byteSize[dtype] === 8 ? i32.shl(local.get(offset), i32.const(1)) : local.get(offset);
    return i32.add(local.get(address), bytes);
  };
  const step = (vectors: number, active: number): Code => {
    const all = Array.from({ length: vectors }, (_, v) => {
      const inputs = sources.map(() => fn.local("v128"));
      const outputs = targets.map(() => fn.local("v128"));
      const loads = sources.map(({ dtype }, i) =>
        local.set(inputs[i]!, loadVector(dtype, lanes, local.get(places[i]!), 16 * v)),
      );
      const results = compute(...inputs.map((input) => local.get(input)));
      return { inputs, outputs, code: [loads, results.map((code, i) => local.set(outputs[i]!, code))] };
    });
    const stores = targets.map(({ dtype }, i) =>
      all.map(({ outputs }, v) => {
        const [place, value] = [local.get(places[sources.length + i]!), local.get(outputs[i]!)];
        return storeVector(dtype, lanes, active, place, value, 16 * v, scratch);
      }),
    );
    fn.release(...all.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]));
    return [rows.map((row, i) => local.set(places[i]!, at(row))), all.map(({ code }) => code), stores];
  };
  const loop = (from: number, to: number, vectors: number): Code =>
    forLoop(
      { index: offset, start: 4 * from, limit: 4 * to, step: 4 * lanes * vectors },
      round(fn, () => step(vectors, lanes)),
    );
  const code = [
    inPairs > 0 ? loop(0, inPairs, pairs) : [],
    whole > inPairs ? loop(inPairs, whole, 1) : [],
    count > whole ? [local.set(offset, i32.const(4 * whole)), step(1, count - whole)] : [],
  ];
  fn.release(offset, scratch, ...places);
  return code;
}

/** The sum of two vectors of a numeric dtype. */
export function addVectors(dtype: DType, a: Code, b: Code): Code {
  if (dtype === "f32") return f32x4.add(a, b);
  return dtype === "f64" ? f64x2.add(a, b) : i32x4.add(a, b);
}

/** `target += source` over a row. */
export function addRow(fn: FunctionBuilder, count: number, dtype: DType, target: number, source: number): Code {
  const rows = [
    { address: target, dtype },
    { address: source, dtype },
  ];
  return mapRow(fn, count, rows, rows.slice(0, 1), (a, b) => [addVectors(dtype, a!, b!)]);
}
