// Work of one kind, such as tiles or lines of outputs, that a piece of a convolution does block by block.
import type { Code } from "../../encoder/code.ts";
import { forLoop, local } from "../../encoder/control.ts";
import type { FunctionBuilder } from "../../encoder/module.ts";
import { i32 } from "../../encoder/opcodes.ts";

/** Elements of f32 from one row or matrix to the next, of so many each: an odd number of cache lines, as those that are 4 KiB apart share a part of a cache. */
export const strideOf = (elements: number): number => (Math.ceil(elements / 16) | 1) * 16;

/** How large the blocks of so many are: whole ones, and what is left. */
export const blockSizes = (total: number, block: number): number[] => [block, total % block].filter((size) => size > 0);

/** `body` for each block of a piece, which begins at `start`: the first of the block, and how many. */
export function forBlocks(
  fn: FunctionBuilder,
  start: Code,
  total: number,
  block: number,
  body: (first: Code, count: number) => Code,
): Code {
  const [done, first] = fn.locals("i32", 2);
  const rest = total % block;
  const at = (count: number): Code => [
    local.set(first, i32.add(start, local.get(done))),
    body(local.get(first), count),
  ];
  return [
    forLoop({ index: done, start: 0, limit: total - rest, step: block }, at(block)),
    rest === 0 ? [] : [local.set(done, i32.const(total - rest)), at(rest)],
  ];
}
