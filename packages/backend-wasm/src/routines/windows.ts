// Sliding windows: every pair of an output position and an input position that a window connects, in code.
import { fail } from "@hooke/runtime";
import { advance, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, when } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";

export interface Windows {
  /** Spatial dimensions of the input and of the output. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  readonly window: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly (readonly [number, number])[];
  readonly dilation: readonly number[];
}

/** Locals that hold the flat position in the input and the position within the window. */
export interface Tap {
  readonly from: number;
  readonly tap: number;
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

/** How many windows at most cover one place of the input. */
export const mostWindows = ({ window, stride, dilation, output }: Windows): number =>
  window.reduce((count, size, axis) => {
    const apart = stride[axis]! / commonDivisor(stride[axis]!, dilation[axis]!);
    return count * Math.min(output[axis]!, Math.ceil(size / apart));
  }, 1);

/**
 * Visits the taps of one output position.
 *
 * @param out the local with the flat output position
 * @param inside code for a tap within the input
 * @param outside code for a tap in the padding
 */
export function visitTaps(
  fn: FunctionBuilder,
  { input, output, window, stride, padding, dilation }: Windows,
  out: number,
  inside: (at: Tap) => Code,
  outside: (at: Pick<Tap, "tap">) => Code = () => [],
): Code {
  for (const [axis, size] of output.entries()) {
    const reach = (size - 1) * stride[axis]! + (window[axis]! - 1) * dilation[axis]!;
    if (reach >= 2 ** 31) {
      fail(
        "backend wasm",
        `windows that reach over ${reach + 1} places of an axis are too far for 32 bits; use less padding or a smaller stride.`,
        "unsupported",
      );
    }
  }
  const size = window.reduce((product, n) => product * n, 1);
  if (size >= 2 ** 31)
    fail("backend wasm", `a window of ${size} places is too large; use a smaller one.`, "unsupported");
  const [from, tap, rest] = fn.locals("i32", 3);
  const origins = output.map(() => fn.local("i32"));
  const positions = output.map(() => fn.local("i32"));
  const counters = output.map(() => fn.local("i32"));

  // The window's first element in each dimension, from the flat output position.
  const decompose: Code[] = [local.set(rest, local.get(out))];
  for (let axis = output.length - 1; axis >= 0; axis--) {
    const index = axis === 0 ? local.get(rest) : i32.rem_u(local.get(rest), i32.const(output[axis]!));
    const origin = i32.sub(i32.mul(index, i32.const(stride[axis]!)), i32.const(padding[axis]![0]));
    decompose.push(local.set(origins[axis]!, origin));
    if (axis > 0) decompose.push(local.set(rest, i32.div_u(local.get(rest), i32.const(output[axis]!))));
  }

  const within = positions.map((position, axis) => i32.lt_u(local.get(position), i32.const(input[axis]!)));
  const condition = within.reduce((all, one) => i32.and(all, one));
  const flat = positions
    .map((position) => local.get(position))
    .reduce((sum, position, axis) => plus(position, [sum, input[axis]!]));
  const neverOutside = output.every(
    (size, axis) =>
      padding[axis]![0] === 0 && (size - 1) * stride[axis]! + (window[axis]! - 1) * dilation[axis]! < input[axis]!,
  );
  const hit: Code = [local.set(from, flat), inside({ from, tap })];
  let code: Code = [neverOutside ? hit : when(condition, hit, outside({ tap })), advance(tap, 1)];
  for (let axis = output.length - 1; axis >= 0; axis--) {
    const place = local.set(
      positions[axis]!,
      plus(local.get(origins[axis]!), [local.get(counters[axis]!), dilation[axis]!]),
    );
    code = forLoop({ index: counters[axis]!, start: 0, limit: window[axis]! }, [place, code]);
  }
  fn.release(from, tap, rest, ...origins, ...positions, ...counters);
  return [decompose, local.set(tap, i32.const(0)), code];
}
