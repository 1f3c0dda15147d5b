// Derivatives of a loop: a primal loop and a linear one over the tangents, which reads what the first kept or computes it again.
// Both loops are scans, so that the rule of `scan.ts` and its derivative here need each other.
import { fullLike } from "../ops/elementwise.ts";
import { type Aval, type Node, Program, type Value } from "../program.ts";
import { emit, withLinearRecorder, withRecorder } from "../record.ts";
import { Tensor } from "../tensor.ts";
import type { ScanParams } from "./params.ts";
import type { EvaluateJvp, Linearized, MaybeTensor } from "./rule.ts";
import { scan } from "./scan.ts";
import { residualsOf } from "./scan-residuals.ts";

const unstacked = ({ shape, dtype }: Aval): Aval => ({ shape: shape.slice(1), dtype });

/** Which carries have a tangent in some step, given which inputs have one: the fixed point of one step. */
function activeCarries(params: ScanParams, tangents: readonly MaybeTensor[], evaluateBody: EvaluateJvp): boolean[] {
  const { body, consts, carry } = params;
  let active = tangents.slice(consts, consts + carry).map((tangent) => tangent !== null);
  while (active.includes(false)) {
    const next = withRecorder((trial) => {
      const primals = body.inputs.map((value) => trial.input(value));
      const trialTangents = body.inputs.map((value, i) => {
        const isCarry = i >= consts && i < consts + carry;
        return (isCarry ? active[i - consts]! : tangents[i] !== null) ? trial.input(value) : null;
      });
      const out = evaluateBody(body, primals, trialTangents).tangents;
      return active.map((known, i) => known || out[i] !== null);
    });
    if (next.every((flag, i) => flag === active[i])) break;
    active = next;
  }
  return active;
}

/** The primal loop, which also stacks what the derivative needs, and a linear loop over the tangents. */
export function linearizeScan(
  inputs: readonly Tensor[],
  params: ScanParams,
  tangents: readonly MaybeTensor[],
  evaluateBody: EvaluateJvp,
): Linearized {
  if (params.recompute === true) return linearizeAgain(inputs, params, tangents, evaluateBody);
  const { body, length, consts, carry, reverse } = params;
  const active = activeCarries(params, tangents, evaluateBody);
  const firstX = consts + carry;
  const constants = inputs.slice(0, consts);
  const xs = inputs.slice(firstX);

  const parts = withRecorder((primal) => {
    const carries = inputs.slice(consts, firstX).map((input) => primal.input(input));
    const slices = xs.map((x) => primal.input(unstacked(x)));
    const { outputs, linear, activeYs } = withLinearRecorder((tangent) => {
      const seeds = body.inputs.map((value, i) => {
        const isCarry = i >= consts && i < firstX;
        return (isCarry ? active[i - consts]! : tangents[i] !== null) ? tangent.input(value) : null;
      });
      const result = evaluateBody(body, [...constants, ...carries, ...slices], seeds);
      const nextCarries = active.flatMap((flag, i) =>
        flag ? [result.tangents[i] ?? fullLike(result.outputs[i]!, 0)] : [],
      );
      const ys = result.tangents.slice(carry);
      const finished = tangent.finish([...nextCarries, ...ys.filter((y) => y !== null)]);
      const seedOf = (from: number, to: number): Value[] =>
        seeds.slice(from, to).flatMap((seed) => (seed === null ? [] : [seed.value]));
      return {
        outputs: result.outputs,
        activeYs: ys.map((y) => y !== null),
        linear: {
          ...finished,
          consts: seedOf(0, consts),
          carries: seedOf(consts, firstX),
          xs: seedOf(firstX, seeds.length),
        },
      };
    });

    // What the linear body reads of the primal one: the same in every step, an input slice, a value to stack, or one to compute again.
    const invariant: { inner: Value; outer: Tensor }[] = [];
    const varying: { inner: Value; outer: Tensor | number }[] = [];
    const extra: Tensor[] = [];
    const inners = new Map(linear.captured.map(({ value }, i) => [value, linear.program.inputs[i]!]));
    const innerOf = (value: Value): Value => {
      if (!inners.has(value)) inners.set(value, { shape: value.shape, dtype: value.dtype });
      return inners.get(value)!;
    };
    for (const outer of linear.captured) {
      if (outer.recorder !== primal) invariant.push({ inner: innerOf(outer.value), outer });
    }
    const constant = new Map([...primal.captures.values()].map(({ inner, outer }) => [inner.value, outer]));
    const ofPrimal = linear.captured.filter(({ recorder }) => recorder === primal).map(({ value }) => value);
    const free = new Set([...constant.keys(), ...slices.map(({ value }) => value)]);
    const { kept, again } = residualsOf(ofPrimal, primal.nodes, free);
    for (const value of new Set([...ofPrimal, ...kept, ...again.flatMap(({ inputs }) => inputs)])) {
      const [inner, outer] = [innerOf(value), constant.get(value)];
      const slot = slices.findIndex((slice) => slice.value === value);
      if (outer !== undefined) invariant.push({ inner, outer });
      else if (slot >= 0) varying.push({ inner, outer: xs[slot]! });
      else if (kept.has(value)) varying.push({ inner, outer: extra.push(new Tensor(value, primal)) - 1 });
    }
    const recomputed = again.map(
      (node) => ({ ...node, inputs: node.inputs.map(innerOf), outputs: node.outputs.map(innerOf) }) as Node,
    );
    const linearInputs = [
      ...invariant.map(({ inner }) => inner),
      ...linear.consts,
      ...linear.carries,
      ...varying.map(({ inner }) => inner),
      ...linear.xs,
    ];
    return {
      primal: primal.finish([...outputs, ...extra]),
      linearBody: new Program(linearInputs, [...recomputed, ...linear.program.nodes], linear.program.outputs),
      invariant,
      varying,
      activeYs,
    };
  });

  const { program, captured } = parts.primal;
  const results = emit(scan, "scan", [...captured, ...inputs.slice(consts)], {
    body: program,
    length,
    consts: captured.length,
    carry,
    reverse,
  });
  const outputs = results.slice(0, body.outputs.length);
  const stacks = results.slice(body.outputs.length);
  const present = (from: number, to: number): Tensor[] => tangents.slice(from, to).filter((t) => t !== null);
  const constTangents = present(0, consts);
  const carryTangents = active.flatMap((flag, i) =>
    flag ? [tangents[consts + i] ?? fullLike(inputs[consts + i]!, 0)] : [],
  );
  const linearResults = emit(
    scan,
    "scan",
    [
      ...parts.invariant.map(({ outer }) => outer),
      ...constTangents,
      ...carryTangents,
      ...parts.varying.map(({ outer }) => (typeof outer === "number" ? stacks[outer]! : outer)),
      ...present(firstX, tangents.length),
    ],
    {
      body: parts.linearBody,
      length,
      consts: parts.invariant.length + constTangents.length,
      carry: carryTangents.length,
      reverse,
    },
  );
  let next = 0;
  const take = (flag: boolean): MaybeTensor => (flag ? linearResults[next++]! : null);
  return { outputs, tangents: [...active.map(take), ...parts.activeYs.map(take)] };
}

/**
 * The primal loop, which also stacks the carries it starts its steps from, and a linear loop that computes each step again.
 * It recomputes in turn, so that its own derivatives keep no more.
 */
function linearizeAgain(
  inputs: readonly Tensor[],
  params: ScanParams,
  tangents: readonly MaybeTensor[],
  evaluateBody: EvaluateJvp,
): Linearized {
  const { body, consts, carry } = params;
  const active = activeCarries(params, tangents, evaluateBody);
  const firstX = consts + carry;
  const before = body.inputs.slice(consts, firstX);
  const results = emit(scan, "scan", inputs, {
    ...params,
    body: new Program(body.inputs, body.nodes, [...body.outputs, ...before]),
  });
  const outputs = results.slice(0, body.outputs.length);
  const stacks = results.slice(body.outputs.length);

  const linear = withRecorder((recorder) => {
    const enter = (values: readonly Value[]): Tensor[] => values.map((value) => recorder.input(value));
    const seedsOf = (values: readonly Value[], moves: (i: number) => boolean): MaybeTensor[] =>
      values.map((value, i) => (moves(i) ? recorder.input(value) : null));
    // In the order of the loop's inputs: constants, carries (tangents only), slices.
    const constants = enter(body.inputs.slice(0, consts));
    const constSeeds = seedsOf(body.inputs.slice(0, consts), (i) => tangents[i] !== null);
    const carrySeeds = seedsOf(before, (i) => active[i]!);
    const carries = enter(before);
    const slices = enter(body.inputs.slice(firstX));
    const sliceSeeds = seedsOf(body.inputs.slice(firstX), (i) => tangents[firstX + i] !== null);
    const result = evaluateBody(
      body,
      [...constants, ...carries, ...slices],
      [...constSeeds, ...carrySeeds, ...sliceSeeds],
    );
    const next = active.flatMap((flag, i) => (flag ? [result.tangents[i] ?? fullLike(result.outputs[i]!, 0)] : []));
    const ys = result.tangents.slice(carry);
    const { program } = recorder.finish([...next, ...ys.filter((y) => y !== null)]);
    return { program, activeYs: ys.map((y) => y !== null) };
  });

  const present = (from: number, to: number): Tensor[] => tangents.slice(from, to).filter((t) => t !== null);
  const constTangents = present(0, consts);
  const carryTangents = active.flatMap((flag, i) =>
    flag ? [tangents[consts + i] ?? fullLike(inputs[consts + i]!, 0)] : [],
  );
  const linearResults = emit(
    scan,
    "scan",
    [
      ...inputs.slice(0, consts),
      ...constTangents,
      ...carryTangents,
      ...stacks,
      ...inputs.slice(firstX),
      ...present(firstX, tangents.length),
    ],
    {
      ...params,
      body: linear.program,
      consts: consts + constTangents.length,
      carry: carryTangents.length,
    },
  );
  let next = 0;
  const take = (flag: boolean): MaybeTensor => (flag ? linearResults[next++]! : null);
  return { outputs, tangents: [...active.map(take), ...linear.activeYs.map(take)] };
}
