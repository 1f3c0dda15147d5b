// The transforms of F(2, 3), of kernels, tiles of inputs and of outputs, along each axis of a box of vectors.
import type { Emitter } from "../../../codegen/emitter.ts";
import { advance } from "../../../encoder/address.ts";
import type { Code } from "../../../encoder/code.ts";
import { forLoop, local } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { f32x4, v128 } from "../../../encoder/opcodes.ts";
import { sides, size } from "./blocks.ts";

/** A transform of a few vectors along one axis. The codes it receives may be repeated. */
type Transform = (vectors: readonly Code[]) => readonly Code[];

const { add, sub } = f32x4;
const half = (value: Code): Code => f32x4.mul(value, f32x4.const(0.5));
export const inputTransform: Transform = ([a, b, c, d]) => [sub(a!, c!), add(b!, c!), sub(c!, b!), sub(b!, d!)];
const kernelTransform: Transform = ([a, b, c]) => {
  const outer = add(a!, c!);
  return [a!, half(add(outer, b!)), half(sub(outer, b!)), c!];
};
export const outputTransform: Transform = ([a, b, c, d]) => [add(add(a!, b!), c!), sub(sub(b!, c!), d!)];
/** The transposes of the last two. */
export const outputGradient: Transform = ([a, b]) => [a!, add(a!, b!), sub(a!, b!), f32x4.neg(b!)];
const kernelGradient: Transform = ([a, b, c, d]) => [
  add(a!, half(add(b!, c!))),
  half(sub(b!, c!)),
  add(half(add(b!, c!)), d!),
];

/** A place in a box: a number for each axis. */
export type Place = readonly number[];

/** Where a place lies, in steps of the last axis, in a box with so many places along each axis. */
export const flat = (place: Place, extents: readonly number[]): number =>
  place.reduce((sum, at, axis) => sum * extents[axis]! + at, 0);

/** The same of a box with equal sides. */
export const flatIn = (side: number, place: Place): number => place.reduce((sum, at) => sum * side + at, 0);

/**
 * Transforms a box of vectors along each of its axes, the last one first.
 *
 * @param rank number of axes
 * @param side of the box
 * @param load, store code of the vector at a place
 */
export function transformBox(
  fn: FunctionBuilder,
  rank: number,
  side: number,
  transform: Transform,
  load: (place: Place) => Code,
  store: (place: Place, value: Code) => Code,
): Code {
  type Values = readonly { readonly place: Place; readonly value: Code }[];
  const locals: number[] = [];
  /** What begins with `place`, transformed along the axes that follow: code, and after it the values by their place along these. */
  const part = (place: Place): readonly [Code, Values] => {
    if (place.length === rank) return [[], [{ place: [], value: load(place) }]];
    const lines = Array.from({ length: side }, (_, at) => held(part([...place, at])));
    const values = lines[0]![1].flatMap(({ place }, i) =>
      transform(lines.map(([, line]) => line[i]!.value)).map((value, at) => ({ place: [at, ...place], value })),
    );
    return [lines.map(([code]) => code), values];
  };
  const held = ([code, values]: readonly [Code, Values]): readonly [Code, Values] => {
    const targets = values.map(() => fn.local("v128"));
    locals.push(...targets);
    return [
      [code, values.map(({ value }, i) => local.set(targets[i]!, value))],
      values.map(({ place }, i) => ({ place, value: local.get(targets[i]!) })),
    ];
  };
  const [code, values] = part([]);
  fn.release(...locals);
  return [code, values.map(({ place, value }) => store(place, value))];
}

/** `(source, target)`: `count` numbers of each plane of a kernel, transformed; turned round for the gradient of the input. */
export function addKernelTransform(
  emitter: Emitter,
  direction: "kernel" | "turned" | "gradient",
  rank: number,
  plane: number,
  transformedBytes: number,
  count = plane,
): number {
  return emitter.module.share(`winograd ${direction} ${rank} ${plane} ${transformedBytes} ${count}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32"]);
    const [source, target] = [0, 1] as const;
    const offset = fn.local("i32");
    const { window, transformed } = sides;
    const small = { side: window, bytes: plane * size };
    const large = { side: transformed, bytes: transformedBytes };
    const [before, after, transform] =
      direction === "gradient" ? ([large, small, kernelGradient] as const) : ([small, large, kernelTransform] as const);
    const from = (place: Place): Place => (direction === "turned" ? place.map((at) => window - 1 - at) : place);
    fn.emit(
      forLoop({ index: offset, start: 0, limit: count * size, step: 16 }, [
        transformBox(
          fn,
          rank,
          before.side,
          transform,
          (place) => v128.load(local.get(source), flatIn(before.side, from(place)) * before.bytes),
          (place, value) => v128.store(local.get(target), value, flatIn(after.side, place) * after.bytes),
        ),
        advance(source, 16),
        advance(target, 16),
      ]),
    );
    return fn.index;
  });
}
