// Winograd's algorithms along one axis, F(2, 3) and F(4, 3): 2 or 4 outputs of a window of 3, by 4 or 6 multiplications where the definition takes 6 or 12.
import type { Code } from "../../../encoder/code.ts";
import { f32x4 } from "../../../encoder/opcodes.ts";

/** What transforms compute with, beside additions. */
export interface Arithmetic {
  /** Evaluates now; the code returned may be repeated. */
  readonly keep: (value: Code) => Code;
  /** `factor * x`. */
  readonly times: (factor: number, x: Code) => Code;
  /** `y + factor * x`. */
  readonly plus: (y: Code, factor: number, x: Code) => Code;
}

/** A transform of a few vectors along one axis. The codes it receives may be repeated. */
export type Transform = (vectors: readonly Code[], arithmetic: Arithmetic) => readonly Code[];

export interface Algorithm {
  /** The side of a tile of outputs, and of what it, the window and the inputs are transformed to. */
  readonly outputs: 2 | 4;
  readonly transformed: 4 | 6;
  readonly input: Transform;
  readonly kernel: Transform;
  readonly output: Transform;
  /** The transposes of the last two. */
  readonly outputGradient: Transform;
  readonly kernelGradient: Transform;
}

/** The side of the window. */
export const windowSide = 3;

const { add, sub, neg } = f32x4;

/** Polynomials are multiplied by their values at 0, 1, -1 and infinity. */
export const two: Algorithm = {
  outputs: 2,
  transformed: 4,
  input: ([a, b, c, d]) => [sub(a!, c!), add(b!, c!), sub(c!, b!), sub(b!, d!)],
  kernel: ([a, b, c], { keep, times }) => {
    const outer = keep(add(a!, c!));
    return [a!, times(0.5, add(outer, b!)), times(0.5, sub(outer, b!)), c!];
  },
  output: ([a, b, c, d]) => [add(add(a!, b!), c!), sub(sub(b!, c!), d!)],
  outputGradient: ([a, b]) => [a!, add(a!, b!), sub(a!, b!), neg(b!)],
  kernelGradient: ([a, b, c, d], { keep, times }) => {
    const inner = keep(times(0.5, add(b!, c!)));
    return [add(a!, inner), times(0.5, sub(b!, c!)), add(inner, d!)];
  },
};

/** By their values at 0, p, -p, q, -q and infinity. With these two, errors are a third of those with 1 and 2, and transforms of inputs and outputs are exact numbers. */
const [p, q] = [5 / 8, 3 / 2];
const [pp, qq] = [p * p, q * q];
const [atZero, atP, atQ] = [1 / (pp * qq), 1 / (2 * pp * (pp - qq)), 1 / (2 * qq * (qq - pp))];

export const four: Algorithm = {
  outputs: 4,
  transformed: 6,
  input: ([a, b, c, d, e, f], { keep, plus }) => {
    const [evenP, oddP] = [keep(plus(e!, -qq, c!)), keep(plus(d!, -qq, b!))];
    const [evenQ, oddQ] = [keep(plus(e!, -pp, c!)), keep(plus(d!, -pp, b!))];
    const outermost = (x: Code, y: Code, z: Code): Code => plus(plus(z, -(pp + qq), y), pp * qq, x);
    return [
      outermost(a!, c!, e!),
      plus(evenP, p, oddP),
      plus(evenP, -p, oddP),
      plus(evenQ, q, oddQ),
      plus(evenQ, -q, oddQ),
      outermost(b!, d!, f!),
    ];
  },
  kernel: ([a, b, c], { keep, times, plus }) => {
    const evenP = keep(times(atP, plus(a!, pp, c!)));
    const evenQ = keep(times(atQ, plus(a!, qq, c!)));
    return [
      times(atZero, a!),
      plus(evenP, atP * p, b!),
      plus(evenP, -atP * p, b!),
      plus(evenQ, atQ * q, b!),
      plus(evenQ, -atQ * q, b!),
      c!,
    ];
  },
  output: ([a, b, c, d, e, f], { keep, times, plus }) => {
    const [evenP, oddP] = [keep(add(b!, c!)), keep(sub(b!, c!))];
    const [evenQ, oddQ] = [keep(add(d!, e!)), keep(sub(d!, e!))];
    return [
      add(add(a!, evenP), evenQ),
      plus(times(p, oddP), q, oddQ),
      plus(times(pp, evenP), qq, evenQ),
      plus(plus(f!, p * pp, oddP), q * qq, oddQ),
    ];
  },
  outputGradient: ([a, b, c, d], { keep, times, plus }) => {
    const [evenP, oddP] = [keep(plus(a!, pp, c!)), keep(times(p, plus(b!, pp, d!)))];
    const [evenQ, oddQ] = [keep(plus(a!, qq, c!)), keep(times(q, plus(b!, qq, d!)))];
    return [a!, add(evenP, oddP), sub(evenP, oddP), add(evenQ, oddQ), sub(evenQ, oddQ), d!];
  },
  kernelGradient: ([a, b, c, d, e, f], { keep, times, plus }) => {
    const [evenP, evenQ] = [keep(times(atP, add(b!, c!))), keep(times(atQ, add(d!, e!)))];
    return [
      plus(add(evenP, evenQ), atZero, a!),
      plus(times(atP * p, sub(b!, c!)), atQ * q, sub(d!, e!)),
      plus(plus(f!, pp, evenP), qq, evenQ),
    ];
  },
};
