// The Taylor series of a loop: a loop over the series, whose carries are those derivatives that are not zero in every step.
import { fullLike } from "../../ops/elementwise.ts";
import { scanTensors } from "../../ops/scan.ts";
import { withRecorder } from "../../record.ts";
import type { Tensor } from "../../tensor.ts";
import type { Evaluated, ProgramRule } from "./rule.ts";
import { at, partOf, type Series } from "./series.ts";

/** For each carry or output, and each order from the first: which derivatives are not zero. */
type Pattern = readonly (readonly (readonly boolean[])[])[];

const patternOf = (series: Evaluated["series"]): Pattern =>
  series.map((x) => (x ?? []).slice(1).map((part) => (part ?? []).map((one) => one !== null)));

const longer = <T>(a: readonly T[], b: readonly T[]): readonly T[] => (a.length < b.length ? b : a);

const union = (a: Pattern, b: Pattern): Pattern =>
  a.map((one, i) =>
    longer(one, b[i]!).map((_, k) => {
      const [left, right] = [one[k] ?? [], b[i]![k] ?? []];
      return longer(left, right).map((_, place) => left[place] || right[place] || false);
    }),
  );

const countOf = (pattern: Pattern): number => pattern.flat(2).filter(Boolean).length;

/** Series with the given values, whose derivatives `next` yields one after the other where the pattern has them. */
const seriesOf = (pattern: Pattern, values: readonly Tensor[], next: () => Tensor): (Series | null)[] =>
  pattern.map((orders, i) =>
    orders.flat().includes(true)
      ? [[values[i]!], ...orders.map((flags) => partOf(flags.map((flag) => (flag ? next() : null))))]
      : null,
  );

/** The derivatives that a pattern has, in its order; those that are zero after all are written out. */
const derivativesOf = (pattern: Pattern, values: readonly Tensor[], series: Evaluated["series"]): Tensor[] =>
  pattern.flatMap((orders, i) =>
    orders.flatMap((flags, k) =>
      flags.flatMap((flag, place) => (flag ? [at(series[i] ?? [], k + 1)?.[place] ?? fullLike(values[i]!, 0)] : [])),
    ),
  );

export const loop: ProgramRule<"scan"> = (inputs, series, { params }, operators, evaluate) => {
  const { body, length, consts, carry, reverse, recompute } = params;
  const firstX = consts + carry;
  const constants = inputs.slice(0, consts);
  const first = inputs.slice(consts, firstX);
  const xs = inputs.slice(firstX);
  const constSeries = series.slice(0, consts);
  const firstSeries = series.slice(consts, firstX);
  const xSeries = series.slice(firstX);
  const xPattern = patternOf(xSeries);

  /** One step on values and derivatives, which come in the order of the patterns. */
  const step = (carries: Pattern, state: readonly Tensor[], slices: readonly Tensor[]): Evaluated => {
    let [nextState, nextSlice] = [carry, xs.length];
    const moving = [
      ...constSeries,
      ...seriesOf(carries, state, () => state[nextState++]!),
      ...seriesOf(xPattern, slices, () => slices[nextSlice++]!),
    ];
    return evaluate(body, [...constants, ...state.slice(0, carry), ...slices.slice(0, xs.length)], moving, operators);
  };

  const slicesOf = [...xs, ...derivativesOf(xPattern, xs, xSeries)];
  const carriesOf = (pattern: Pattern): Tensor[] => [...first, ...derivativesOf(pattern, first, firstSeries)];

  // Derivatives that a carry has in some step: the fixed point of one step.
  let pattern = patternOf(firstSeries);
  for (;;) {
    const next = withRecorder((trial) => {
      const enter = ({ shape, dtype }: Tensor, drop: 0 | 1): Tensor => trial.input({ shape: shape.slice(drop), dtype });
      const state = carriesOf(pattern).map((value) => enter(value, 0));
      const after = step(
        pattern,
        state,
        slicesOf.map((value) => enter(value, 1)),
      );
      return union(pattern, patternOf(after.series.slice(0, carry)));
    });
    if (countOf(next) === countOf(pattern)) break;
    pattern = next;
  }

  const count = body.outputs.length - carry;
  let yPattern: Pattern = [];
  const result = scanTensors(
    (state, slices) => {
      const after = step(pattern, state, slices);
      const [carrySeries, ySeries] = [after.series.slice(0, carry), after.series.slice(carry)];
      yPattern = patternOf(ySeries);
      const { outputs } = after;
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
  let [nextCarry, nextY] = [carry, count];
  return {
    outputs: [...result.carry.slice(0, carry), ...result.ys.slice(0, count)],
    series: [
      ...seriesOf(pattern, result.carry, () => result.carry[nextCarry++]!),
      ...seriesOf(yPattern, result.ys, () => result.ys[nextY++]!),
    ],
  };
};
