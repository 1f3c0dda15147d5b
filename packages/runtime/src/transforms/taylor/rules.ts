// Taylor's rule of every primitive. Most are linear, or linear where they are smooth: their derivative rule serves every order.
import type { PrimitiveName } from "../../primitives/params.ts";
import type { PlainRule } from "../../primitives/rule.ts";
import type { Node } from "../../program.ts";
import { emitLike } from "../../record.ts";
import type { Tensor } from "../../tensor.ts";
import { recordInner } from "../jvp.ts";
import { power, product, quotient, unaries } from "./elementwise.ts";
import { factor, solution } from "./factorization.ts";
import { loop } from "./loop.ts";
import { withoutHighest } from "./operators.ts";
import type { TaylorRule, TaylorRules } from "./rule.ts";
import {
  at,
  chainAt,
  type Growing,
  type MaybePart,
  moves,
  partOf,
  plus,
  productAt,
  type Series,
  valueIn,
} from "./series.ts";

/**
 * What the tangent moves along with, whatever the operand's curvature: each derivative passes as a tangent does. Of a value that stands
 * still, such as a sign or an index, the rule makes none.
 */
const linear: TaylorRule<PrimitiveName> = (inputs, outputs, node, { order }) => {
  const rule = node.rule as unknown as PlainRule<never>;
  const values = inputs.map(valueIn);
  const series = outputs.map((output): Growing => [[output]]);
  for (let k = 1; k <= order; k++) {
    const parts = inputs.map((input) => at(input, k));
    const count = parts.find((part) => part !== null)?.length ?? 0;
    const derivatives = Array.from({ length: count }, (_, place) => {
      const tangents = parts.map((part) => part?.[place] ?? null);
      const still = tangents.every((tangent) => tangent === null);
      return still ? [] : rule.jvp(values, outputs, node.params as never, tangents);
    });
    for (const [i, one] of series.entries()) one.push(partOf(derivatives.map((each) => each[i] ?? null)));
  }
  return series;
};

/** What is linear in each of two operands. */
const bilinear: TaylorRule<PrimitiveName> = ([a, b], [y], node, operators) => {
  const series: Growing = [[y!]];
  const apply = (left: Tensor, right: Tensor): Tensor => emitLike(node as Node, [left, right])[0]!;
  for (let k = 1; k <= operators.order; k++) series.push(productAt(operators, a!, b!, k, { apply }));
  return [series];
};

/** From the stated derivatives, whose series are needed to one order less. */
const known: TaylorRule<"known"> = ([, ...x], [y], { params }, operators, evaluate) => {
  const values = x.map(valueIn);
  const slopes = params.slopes.map((slope, i): Series | null => {
    if (!moves(x[i]!)) return null;
    const { program, captured } = recordInner("known", slope, values);
    const { outputs, series } = evaluate(
      program,
      [...captured, ...values],
      [...captured.map(() => null), ...x],
      withoutHighest(operators),
    );
    return series[0] ?? [[outputs[0]!]];
  });
  const series: Growing = [[y!]];
  for (let k = 1; k <= operators.order; k++) {
    series.push(
      slopes.reduce<MaybePart>(
        (total, slope, i) => (slope ? plus(total, chainAt(operators, x[i]!, slope, k)) : total),
        null,
      ),
    );
  }
  return [series];
};

/** The rule of every primitive. */
export const taylorRules: TaylorRules = /* @__PURE__ */ (() => ({
  ...unaries,
  mul: product,
  div: quotient,
  pow: power,
  known,
  scan: loop,
  dot: bilinear,
  cholesky: factor,
  triangularSolve: solution,
  conv: bilinear,
  convInputGradient: bilinear,
  convKernelGradient: bilinear,
  // Linear, or piecewise linear.
  neg: linear,
  abs: linear,
  convert: linear,
  add: linear,
  sub: linear,
  rem: linear,
  maximum: linear,
  minimum: linear,
  select: linear,
  reshape: linear,
  transpose: linear,
  broadcast: linear,
  slice: linear,
  pad: linear,
  concat: linear,
  reverse: linear,
  sum: linear,
  max: linear,
  min: linear,
  maxPool: linear,
  poolGather: linear,
  poolScatter: linear,
  sumPool: linear,
  sumPoolTranspose: linear,
  gather: linear,
  scatterAdd: linear,
  cumsum: linear,
  sort: linear,
  // Piecewise constant.
  sign: linear,
  floor: linear,
  not: linear,
  stopGradient: linear,
  equal: linear,
  notEqual: linear,
  less: linear,
  lessEqual: linear,
  and: linear,
  or: linear,
  xor: linear,
  shiftLeft: linear,
  shiftRight: linear,
  full: linear,
  constant: linear,
  iota: linear,
  randomBits: linear,
  foldKey: linear,
  pack: linear,
  unpack: linear,
  argMax: linear,
  maxPoolIndex: linear,
  argSort: linear,
}))();
