// Loops over parts of one width, then over what is left.
import type { Code } from "./code.ts";
import { forLoop, local, when } from "./control.ts";
import type { FunctionBuilder } from "./module.ts";
import { i32 } from "./opcodes.ts";

/** How many there are: fixed, or a local that is a multiple of the width except where it ends with the total. */
export type Extent = number | { readonly local: number };

/**
 * `body(width)` for each part, then for what is left; `index` holds where it begins.
 *
 * @param extent of this block
 * @param total of the problem: what is left of it is left of the block that ends with it
 */
export function cover(
  fn: FunctionBuilder,
  index: number,
  extent: Extent,
  total: number,
  width: number,
  body: (width: number) => Code,
): Code {
  const rest = total % width;
  if (typeof extent === "number") {
    const whole = forLoop({ index, start: 0, limit: total - rest, step: width }, total < width ? [] : body(width));
    return [whole, rest === 0 ? [] : [local.set(index, i32.const(total - rest)), body(rest)]];
  }
  const limit = fn.local("i32");
  const remainder = i32.rem_u(local.get(extent.local), i32.const(width));
  const code: Code = [
    local.set(limit, i32.sub(local.get(extent.local), remainder)),
    total < width
      ? local.set(index, i32.const(0))
      : forLoop({ index, start: 0, limit: local.get(limit), step: width }, body(width)),
    rest === 0 ? [] : when(i32.lt_u(local.tee(index, local.get(limit)), local.get(extent.local)), body(rest)),
  ];
  fn.release(limit);
  return code;
}
