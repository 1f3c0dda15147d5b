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
  /** Code that sets locals to the neighbouring vectors at a place. */
  readonly load: (place: Place, vectors: readonly number[]) => Code;
  /** Code that stores neighbours, one after the other. */
  readonly store: (place: Place, values: readonly Code[]) => Code;
}

/** Neighbouring vectors from an address in a local on, to locals. */
export const loadVectors = (address: number, offset: number, vectors: readonly number[]): Code =>
  vectors.map((vector, v) => local.set(vector, v128.load(local.get(address), offset + 16 * v)));

export const storeVectors = (address: number, offset: number, values: readonly Code[]): Code =>
  values.map((value, v) => v128.store(local.get(address), value, offset + 16 * v));

/** Code that transforms boxes side by side until so many bytes of each place have passed, in pairs where the engine joins vectors; `pointers` move along. */
export function transformBoxes(
  { relaxed, wide }: Emitter,
  fn: FunctionBuilder,
  box: Box,
  bytes: number,
  pointers: readonly number[],
): { readonly constants: Code; readonly code: Code } {
  const constants = new Constants(fn);
  // Other loops go around the code.
  const offset = fn.ownLocal("i32");
  const loop = (start: number, limit: number, vectors: number): Code =>
    start >= limit
      ? []
      : forLoop({ index: offset, start, limit, step: 16 * vectors }, [
          transformBox(relaxed, fn, constants, box, vectors),
          pointers.map((pointer) => advance(pointer, 16 * vectors)),
        ]);
  const inPairs = wide ? bytes - (bytes % 32) : 0;
  const code = [loop(0, inPairs, 2), loop(inPairs, bytes, 1)];
  return { constants: constants.code(), code };
}

/** So many neighbouring boxes. */
function transformBox(
  relaxed: boolean,
  fn: FunctionBuilder,
  constants: Constants,
  { rank, side, transform, load, store }: Box,
  vectors: number,
): Code {
  /** A place and the codes of its vectors. */
  type Values = readonly { readonly place: Place; readonly values: readonly Code[] }[];
  const locals: number[] = [];
  const statements: Code[] = [];
  const own = (): number => {
    const index = fn.local("v128");
    locals.push(index);
    return index;
  };
  const number = (value: number): Code => constants.get(f32x4.const(value));
  const arithmetic: Arithmetic = {
    keep: (value) => {
      const index = own();
      statements.push(local.set(index, value));
      return local.get(index);
    },
    times: (factor, x) => f32x4.mul(x, number(factor)),
    plus: (y, factor, x) =>
      relaxed ? f32x4.relaxed_madd(x, number(factor), y) : f32x4.add(f32x4.mul(x, number(factor)), y),
  };
  const kept = (values: readonly Code[]): readonly Code[] => values.map(arithmetic.keep);
  /** The values of what begins with `place`, transformed along the axes that follow, by their place along these. */
  const part = (place: Place): Values => {
    if (place.length === rank) {
      const loaded = Array.from({ length: vectors }, own);
      statements.push(load(place, loaded));
      return [{ place: [], values: loaded.map(local.get) }];
    }
    const lines = Array.from({ length: side }, (_, at) => {
      const line = part([...place, at]);
      return place.length + 1 === rank ? line : line.map(({ place, values }) => ({ place, values: kept(values) }));
    });
    return lines[0]!.flatMap(({ place }, i) => {
      const transformed = Array.from({ length: vectors }, (_, v) =>
        transform(
          lines.map((line) => line[i]!.values[v]!),
          arithmetic,
        ),
      );
      return transformed[0]!.map((_, at) => ({ place: [at, ...place], values: transformed.map((all) => all[at]!) }));
    });
  };
  for (const { place, values } of part([])) statements.push(store(place, vectors === 1 ? values : kept(values)));
  fn.release(...locals);
  return statements;
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
    const small = { side: windowSide, bytes: plane * size };
    const large = { side: transformed, bytes: transformedBytes };
    const [before, after, transform] =
      direction === "gradient"
        ? ([large, small, algorithm.kernelGradient] as const)
        : ([small, large, algorithm.kernel] as const);
    const from = (place: Place): Place => (direction === "turned" ? place.map((at) => windowSide - 1 - at) : place);
    const box: Box = {
      rank,
      side: before.side,
      transform,
      load: (place, vectors) => loadVectors(source, flatIn(before.side, from(place)) * before.bytes, vectors),
      store: (place, values) => storeVectors(target, flatIn(after.side, place) * after.bytes, values),
    };
    const { constants, code } = transformBoxes(emitter, fn, box, count * size, [source, target]);
    fn.emit(constants, code);
    return fn.index;
  });
}
