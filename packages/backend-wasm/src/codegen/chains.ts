// Loops over reduced dimensions that interrupt long chains of additions.
import type { Code } from "../encoder/code.ts";
import { forLoop, local, select } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { Access } from "./access.ts";
import { longestChain } from "./accumulation.ts";
import { counted, outerLoops } from "./pointwise.ts";

/** Code that has added some terms to each accumulator. */
export interface Chain {
  readonly code: Code;
  /** How many of them may not have been moved to totals yet. */
  readonly terms: number;
}

/** `body(start, limit)` on consecutive ranges of at most `length` values below `size`, with `between` after each. */
export function ranges(
  fn: FunctionBuilder,
  size: number,
  length: number,
  between: Code,
  body: (start: Code, limit: Code) => Code,
): Code {
  const [start, limit] = [fn.ownLocal("i32"), fn.ownLocal("i32")];
  const end = i32.add(local.get(start), i32.const(length));
  return forLoop({ index: start, start: 0, limit: size, step: length }, [
    local.set(limit, select(end, i32.const(size), i32.lt_u(end, i32.const(size)))),
    body(local.get(start), local.get(limit)),
    between,
  ]);
}

/**
 * Repeats `inner` over reduced dimensions; `accesses` move along.
 *
 * @param from the dimension of the accesses that the first size belongs to
 * @param flush code that empties the accumulators; undefined where chains may be as long as they like
 */
export function reducedLoops(
  fn: FunctionBuilder,
  sizes: readonly number[],
  accesses: readonly Access[],
  inner: Chain,
  from: number,
  flush: Code | undefined,
): Chain {
  let { code, terms } = inner;
  for (let dimension = sizes.length - 1; dimension >= 0; dimension--) {
    const size = sizes[dimension]!;
    const at = dimension + from;
    if (flush === undefined || terms * size <= longestChain || terms === 0) {
      code = outerLoops(fn, [size], accesses, code, at);
      terms *= size;
      continue;
    }
    const length = Math.max(1, Math.floor(longestChain / terms));
    const step = [code, accesses.map((access) => access.advance(at, 1))];
    const repeated = (count: number): Code => {
      const index = fn.ownLocal("i32");
      return ranges(fn, count, length, flush, (start, limit) => forLoop({ index, start, limit }, step));
    };
    const most = 2 ** 31;
    const parts =
      size < most ? repeated(size) : [counted(fn, Math.floor(size / most), repeated(most)), repeated(size % most)];
    code = [parts, accesses.map((access) => access.advance(at, -size))];
    terms = 0;
  }
  return { code, terms };
}
