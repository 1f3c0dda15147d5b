// An algorithm's transforms of kernels and of tiles along each axis of a box of vectors.
import type { Emitter } from "../../../codegen/emitter.ts";
import { advance } from "../../../encoder/address.ts";
import type { Code } from "../../../encoder/code.ts";
import { forLoop, local } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { f32x4, v128 } from "../../../encoder/opcodes.ts";
import { Constants } from "../../../math/constants.ts";
import { type Algorithm, type Arithmetic, type Transform, windowSide } from "./algorithms.ts";
import { size } from "./blocks.ts";

/** A place in a box: a number for each axis. */
export type Place = readonly number[];

/** Where a place lies, in steps of the last axis, in a box with so many places along each axis. */
export const flat = (place: Place, extents: readonly number[]): number =>
  place.reduce((sum, at, axis) => sum * extents[axis]! + at, 0);

/** The same of a box with equal sides. */
export const flatIn = (side: number, place: Place): number => place.reduce((sum, at) => sum * side + at, 0);

/** A box of vectors that is transformed along each of its axes, the last one first. */
interface Box {
  /** Number of axes. */
  readonly rank: number;
  readonly side: number;
  readonly transform: Transform;
  /** Code of the vector at a place. */
  readonly load: (place: Place) => Code;
  readonly store: (place: Place, value: Code) => Code;
}

/** Transforms a box: its code, to be repeated, and before it the code of its constants. */
export function transformBox(
  { relaxed }: Emitter,
  fn: FunctionBuilder,
  { rank, side, transform, load, store }: Box,
): { readonly constants: Code; readonly code: Code } {
  type Values = readonly { readonly place: Place; readonly value: Code }[];
  const constants = new Constants(fn);
  const locals: number[] = [];
  const statements: Code[] = [];
  const number = (value: number): Code => constants.get(f32x4.const(value));
  const arithmetic: Arithmetic = {
    keep: (value) => {
      const index = fn.local("v128");
      locals.push(index);
      statements.push(local.set(index, value));
      return local.get(index);
    },
    times: (factor, x) => f32x4.mul(x, number(factor)),
    plus: (y, factor, x) =>
      relaxed ? f32x4.relaxed_madd(x, number(factor), y) : f32x4.add(f32x4.mul(x, number(factor)), y),
  };
  const kept = (values: Values): Values => values.map(({ place, value }) => ({ place, value: arithmetic.keep(value) }));
  /** The values of what begins with `place`, transformed along the axes that follow, by their place along these. */
  const part = (place: Place): Values => {
    if (place.length === rank) return [{ place: [], value: load(place) }];
    const lines = Array.from({ length: side }, (_, at) => kept(part([...place, at])));
    return lines[0]!.flatMap(({ place }, i) =>
      transform(
        lines.map((line) => line[i]!.value),
        arithmetic,
      ).map((value, at) => ({ place: [at, ...place], value })),
    );
  };
  for (const { place, value } of part([])) statements.push(store(place, value));
  fn.release(...locals);
  return { constants: constants.code(), code: statements };
}

/** `(source, target)`: `count` numbers of each plane of a kernel, transformed; turned round for the gradient of the input. */
export function addKernelTransform(
  emitter: Emitter,
  algorithm: Algorithm,
  direction: "kernel" | "turned" | "gradient",
  rank: number,
  plane: number,
  transformedBytes: number,
  count = plane,
): number {
  const { outputs, transformed } = algorithm;
  return emitter.module.share(`winograd ${outputs} ${direction} ${rank} ${plane} ${transformedBytes} ${count}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32"]);
    const [source, target] = [0, 1] as const;
    const offset = fn.local("i32");
    const small = { side: windowSide, bytes: plane * size };
    const large = { side: transformed, bytes: transformedBytes };
    const [before, after, transform] =
      direction === "gradient"
        ? ([large, small, algorithm.kernelGradient] as const)
        : ([small, large, algorithm.kernel] as const);
    const from = (place: Place): Place => (direction === "turned" ? place.map((at) => windowSide - 1 - at) : place);
    const { constants, code } = transformBox(emitter, fn, {
      rank,
      side: before.side,
      transform,
      load: (place) => v128.load(local.get(source), flatIn(before.side, from(place)) * before.bytes),
      store: (place, value) => v128.store(local.get(target), value, flatIn(after.side, place) * after.bytes),
    });
    fn.emit(
      constants,
      forLoop({ index: offset, start: 0, limit: count * size, step: 16 }, [
        code,
        advance(source, 16),
        advance(target, 16),
      ]),
    );
    return fn.index;
  });
}
