// Copies of operands as panels: `width` rows of A (or columns of B) side by side, one step of k after the other.
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, when } from "../encoder/control.ts";
import type { ModuleBuilder } from "../encoder/module.ts";
import { i32, i64, v128 } from "../encoder/opcodes.ts";
import { shuffle32 } from "../math/lanes.ts";

export interface PackShape {
  /** Bytes of an element: 4 or 8. */
  readonly size: number;
  readonly width: number;
  /** Bytes from one element of the panel to the next, and from one step of k to the next. One of them is `size`. */
  readonly across: number;
  readonly along: number;
}

/** Lanes `pattern` of two vectors, of 32 or 64 bits. */
export const shuffleLanes = (size: number, pattern: readonly number[], a: Code, b: Code): Code =>
  shuffle32(size === 4 ? pattern : pattern.flatMap((lane) => [2 * lane, 2 * lane + 1]), a, b);

/**
 * Adds `(source, target, count, depth: i32)`: panels of `count` elements across and `depth` steps along; the last
 * panel may be incomplete, and what it lacks is left as it was.
 */
export function addPack(module: ModuleBuilder, { size, width, across, along }: PackShape): number {
  const fn = module.addFunction(["i32", "i32", "i32", "i32"]);
  const [source, target, count, depth] = [0, 1, 2, 3] as const;
  const [panel, step, offset, from, to, whole] = fn.locals("i32", 6);
  const get = local.get;
  const lanes = 16 / size;
  const row = width * size;
  const element = size === 4 ? i32 : i64;
  const onward = (steps: number): Code => [advance(from, steps * along), advance(to, steps * row)];
  // As many vectors as fit in the panel's width, then single elements.
  const vectors = Math.floor(width / lanes);
  const singles = Array.from({ length: width - vectors * lanes }, (_, i) => vectors * lanes + i);
  const copy = (at: number, p: number): Code =>
    element.store(get(to), element.load(get(from), at * across + p * along), at * size + p * row);

  const copyStep: Code = [
    Array.from({ length: vectors }, (_, v) => v128.store(get(to), v128.load(get(from), 16 * v), 16 * v)),
    singles.map((at) => copy(at, 0)),
    onward(1),
  ];
  const singleStep: Code = [Array.from({ length: width }, (_, at) => copy(at, 0)), onward(1)];
  const block = Array.from({ length: lanes }, () => fn.local("v128"));
  const transposeSteps = (): Code => {
    const pair = (pattern: readonly number[], a: number, b: number): Code =>
      shuffleLanes(size, pattern, get(block[a]!), get(block[b]!));
    const loadAt = (v: number): Code =>
      block.map((variable, r) => local.set(variable, v128.load(get(from), (v * lanes + r) * across)));
    const storeAt = (v: number, p: number, value: Code): Code => v128.store(get(to), value, 16 * v + p * row);
    const code: Code[] = [];
    const mixed = Array.from({ length: lanes }, () => fn.local("v128"));
    for (let v = 0; v < vectors; v++) {
      code.push(loadAt(v));
      if (lanes === 2) {
        code.push(storeAt(v, 0, pair([0, 2], 0, 1)), storeAt(v, 1, pair([1, 3], 0, 1)));
        continue;
      }
      const parts = [
        pair([0, 4, 1, 5], 0, 1),
        pair([0, 4, 1, 5], 2, 3),
        pair([2, 6, 3, 7], 0, 1),
        pair([2, 6, 3, 7], 2, 3),
      ];
      code.push(parts.map((part, i) => local.set(mixed[i]!, part)));
      for (let p = 0; p < 4; p++) {
        const [first, second] = p < 2 ? [0, 1] : [2, 3];
        const pattern = p % 2 === 0 ? [0, 1, 4, 5] : [2, 3, 6, 7];
        code.push(storeAt(v, p, shuffleLanes(size, pattern, get(mixed[first]!), get(mixed[second]!))));
      }
    }
    fn.release(...mixed);
    return [code, singles.map((at) => Array.from({ length: lanes }, (_, p) => copy(at, p))), onward(lanes)];
  };
  const startAt = (steps: number | Code): Code => local.set(step, typeof steps === "number" ? i32.const(steps) : steps);
  const complete: Code =
    across === size
      ? forLoop({ index: step, start: 0, limit: get(depth) }, copyStep)
      : [
          startAt(0),
          local.set(whole, i32.and(get(depth), i32.const(-lanes))),
          forLoop({ index: step, start: 0, limit: get(whole), step: lanes }, transposeSteps()),
          forLoop({ index: step, start: get(whole), limit: get(depth) }, singleStep),
        ];
  const incomplete: Code = forLoop({ index: step, start: 0, limit: get(depth) }, [
    forLoop({ index: offset, start: 0, limit: i32.sub(get(count), get(panel)) }, [
      plus(get(to), [get(offset), size]),
      element.load(plus(get(from), [get(offset), across])),
      element.store([], []),
    ]),
    onward(1),
  ]);
  fn.emit(
    forLoop({ index: panel, start: 0, limit: get(count), step: width }, [
      local.set(from, plus(get(source), [get(panel), across])),
      local.set(to, plus(get(target), [i32.mul(get(panel), get(depth)), size])),
      when(i32.ge_u(i32.sub(get(count), get(panel)), i32.const(width)), complete, incomplete),
    ]),
  );
  return fn.index;
}
