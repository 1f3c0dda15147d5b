// The transforms of F(2 x 2, 3 x 3): of kernels, tiles of inputs and of outputs, along both axes of a square of vectors.
import type { Emitter } from "../../../codegen/emitter.ts";
import { advance } from "../../../encoder/address.ts";
import type { Code } from "../../../encoder/code.ts";
import { forLoop, local } from "../../../encoder/control.ts";
import type { FunctionBuilder } from "../../../encoder/module.ts";
import { f32x4, v128 } from "../../../encoder/opcodes.ts";
import { size } from "./blocks.ts";

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

/**
 * Transforms a square of vectors along both axes.
 *
 * @param side of the square
 * @param load, store code of the vector at a row and a column
 */
export function transformSquare(
  fn: FunctionBuilder,
  side: number,
  transform: Transform,
  load: (row: number, column: number) => Code,
  store: (row: number, column: number, value: Code) => Code,
): Code {
  const line = Array.from({ length: side }, () => fn.local("v128"));
  const columns: number[][] = [];
  const get = (locals: readonly number[]): Code[] => locals.map((index) => local.get(index));
  const down: Code[] = [];
  for (let column = 0; column < side; column++) {
    const values = transform(get(line));
    const targets = values.map(() => fn.local("v128"));
    down.push(
      line.map((index, row) => local.set(index, load(row, column))),
      values.map((value, row) => local.set(targets[row]!, value)),
    );
    columns.push(targets);
  }
  const across = columns[0]!.map((_, row) =>
    transform(get(columns.map((column) => column[row]!))).map((value, column) => store(row, column, value)),
  );
  fn.release(...line, ...columns.flat());
  return [down, across];
}

/** `(source, target)`: `count` numbers of each plane of a kernel, transformed; turned round for the gradient of the input. */
export function addKernelTransform(
  emitter: Emitter,
  direction: "kernel" | "turned" | "gradient",
  plane: number,
  count = plane,
): number {
  return emitter.module.share(`winograd ${direction} ${plane} ${count}`, () => {
    const fn = emitter.module.addFunction(["i32", "i32"]);
    const [source, target] = [0, 1] as const;
    const offset = fn.local("i32");
    const bytes = plane * size;
    const [side, sideOut, transform] =
      direction === "gradient" ? ([4, 3, kernelGradient] as const) : ([3, 4, kernelTransform] as const);
    const from = (row: number, column: number): number => {
      const place = side * row + column;
      return (direction === "turned" ? 8 - place : place) * bytes;
    };
    fn.emit(
      forLoop({ index: offset, start: 0, limit: count * size, step: 16 }, [
        transformSquare(
          fn,
          side,
          transform,
          (row, column) => v128.load(local.get(source), from(row, column)),
          (row, column, value) => v128.store(local.get(target), value, (sideOut * row + column) * bytes),
        ),
        advance(source, 16),
        advance(target, 16),
      ]),
    );
    return fn.index;
  });
}
