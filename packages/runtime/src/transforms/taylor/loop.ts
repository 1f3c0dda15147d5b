// The Taylor series of a loop: a loop over the series, whose carries are those derivatives that are not zero in every step.
import { fullLike } from "../../ops/elementwise.ts";
import { scanTensors } from "../../ops/scan.ts";
import type { MaybeTensor } from "../../primitives/rule.ts";
import { withRecorder } from "../../record.ts";
import type { Tensor } from "../../tensor.ts";
import type { Evaluated, Pass, ProgramRule } from "./rule.ts";
import { at, type Series } from "./series.ts";

/** For each pass and each carry or output: which derivatives, from the first, are not zero. */
type Pattern = readonly (readonly (readonly boolean[])[])[];

const patternOf = (passes: readonly Pass[], series: Evaluated["series"]): Pattern =>
  passes.map(({ order }, p) =>
    series[p]!.map((x) => Array.from({ length: order }, (_, k) => x !== null && at(x, k + 1) !== null)),
  );

const union = (a: Pattern, b: Pattern): Pattern =>
  a.map((pass, p) => pass.map((one, i) => one.map((flag, k) => flag || b[p]![i]![k]!)));

const countOf = (pattern: Pattern): number => pattern.flat(2).filter(Boolean).length;

/** Series with the given values, whose derivatives `next` yields one after the other where the pattern has them. */
const seriesOf = (
  pattern: Pattern[number],
  values: readonly Tensor[],
  next: (i: number, k: number) => MaybeTensor,
): (Series | null)[] =>
  pattern.map((flags, i) =>
    flags.includes(true) ? [values[i]!, ...flags.map((flag, k) => (flag ? next(i, k + 1) : null))] : null,
  );

/** The derivatives that a pattern has, in its order; those that are zero after all are written out. */
const derivativesOf = (pattern: Pattern, values: readonly Tensor[], series: Evaluated["series"]): Tensor[] =>
  pattern.flatMap((pass, p) =>
    pass.flatMap((flags, i) =>
      flags.flatMap((flag, k) => {
        const x = series[p]![i] ?? null;
        return flag ? [(x === null ? null : at(x, k + 1)) ?? fullLike(values[i]!, 0)] : [];
      }),
    ),
  );

export const loop: ProgramRule<"scan"> = (inputs, passes, { params }, evaluate) => {
  const { body, length, consts, carry, reverse, recompute } = params;
  const firstX = consts + carry;
  const constants = inputs.slice(0, consts);
  const first = inputs.slice(consts, firstX);
  const xs = inputs.slice(firstX);
  const part = (from: number, to: number) => passes.map(({ series }) => series.slice(from, to));
  const constSeries = part(0, consts);
  const firstSeries = part(consts, firstX);
  const xSeries = part(firstX, inputs.length);
  const xPattern = patternOf(passes, xSeries);

  /** One step on values and derivatives, which come in the order of the patterns. */
  const step = (carries: Pattern, state: readonly Tensor[], slices: readonly Tensor[]): Evaluated => {
    let [nextState, nextSlice] = [carry, xs.length];
    const moving = passes.map(({ order }, p) => ({
      order,
      series: [
        ...constSeries[p]!,
        ...seriesOf(carries[p]!, state, () => state[nextState++]!),
        ...seriesOf(xPattern[p]!, slices, () => slices[nextSlice++]!),
      ],
    }));
    return evaluate(body, [...constants, ...state.slice(0, carry), ...slices.slice(0, xs.length)], moving);
  };

  const slicesOf = [...xs, ...derivativesOf(xPattern, xs, xSeries)];
  const carriesOf = (pattern: Pattern): Tensor[] => [...first, ...derivativesOf(pattern, first, firstSeries)];

  // Derivatives that a carry has in some step: the fixed point of one step.
  let pattern = patternOf(passes, firstSeries);
  for (;;) {
    const next = withRecorder((trial) => {
      const enter = ({ shape, dtype }: Tensor, drop: 0 | 1): Tensor => trial.input({ shape: shape.slice(drop), dtype });
      const state = carriesOf(pattern).map((value) => enter(value, 0));
      const { series } = step(
        pattern,
        state,
        slicesOf.map((value) => enter(value, 1)),
      );
      const after = series.map((outputs) => outputs.slice(0, carry));
      return union(pattern, patternOf(passes, after));
    });
    if (countOf(next) === countOf(pattern)) break;
    pattern = next;
  }

  const counts = { ys: body.outputs.length - carry };
  let yPattern: Pattern = [];
  const result = scanTensors(
    (state, slices) => {
      const { outputs, series } = step(pattern, state, slices);
      const [carrySeries, ySeries] = [series.map((all) => all.slice(0, carry)), series.map((all) => all.slice(carry))];
      yPattern = patternOf(passes, ySeries);
      return {
        carry: [...outputs.slice(0, carry), ...derivativesOf(pattern, outputs, carrySeries)],
        ys: [...outputs.slice(carry), ...derivativesOf(yPattern, outputs.slice(carry), ySeries)],
      };
    },
    carriesOf(pattern),
    slicesOf,
    length,
    { reverse, ...(recompute && { recompute }) },
  );
  let [nextCarry, nextY] = [carry, counts.ys];
  return {
    outputs: [...result.carry.slice(0, carry), ...result.ys.slice(0, counts.ys)],
    series: passes.map((_, p) => [
      ...seriesOf(pattern[p]!, result.carry, () => result.carry[nextCarry++]!),
      ...seriesOf(yPattern[p]!, result.ys, () => result.ys[nextY++]!),
    ]),
  };
};
