// Scan: a loop as one primitive, so that a program's length does not depend on the number of steps.
import { allocate, describe, type HostArray, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { interpret } from "../interpret.ts";
import { add, full, fullLike } from "../ops/elementwise.ts";
import { scanTensors } from "../ops/scan.ts";
import { type Aval, Program, type Value } from "../program.ts";
import { bind, withLinearRecorder, withRecorder } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { evaluateJvp } from "../transforms/jvp.ts";
import { transposeProgram } from "../transforms/transpose.ts";
import type { ScanParams } from "./params.ts";
import type { Linearized, MaybeTensor, Rules } from "./rule.ts";

const stacked = (length: number, { shape, dtype }: Aval): Aval => ({ shape: [length, ...shape], dtype });
const unstacked = ({ shape, dtype }: Aval): Aval => ({ shape: shape.slice(1), dtype });

function checkInputs(inputs: readonly Aval[], { body, length, consts, carry }: ScanParams): void {
  if (inputs.length !== body.inputs.length) {
    fail("scan", `received ${inputs.length} inputs; its body takes ${body.inputs.length}.`);
  }
  for (const [i, input] of inputs.entries()) {
    const inner = body.inputs[i]!;
    const expected = describe(i < consts + carry ? inner : stacked(length, inner));
    if (describe(input) !== expected) fail("scan", `received ${describe(input)} as input ${i}; it takes ${expected}.`);
  }
  for (let i = 0; i < carry; i++) {
    const before = describe(body.inputs[consts + i]!);
    const after = describe(body.outputs[i]!);
    if (before !== after) {
      fail("scan", `carry ${i} enters the body as ${before} and leaves it as ${after}; shapes and dtypes must stay.`);
    }
  }
}

/** Which carries have a tangent in some step, given which inputs have one: the fixed point of one step. */
function activeCarries(params: ScanParams, tangents: readonly MaybeTensor[]): boolean[] {
  const { body, consts, carry } = params;
  let active = tangents.slice(consts, consts + carry).map((tangent) => tangent !== null);
  for (;;) {
    const next = withRecorder((trial) => {
      const primals = body.inputs.map((value) => trial.input(value));
      const trialTangents = body.inputs.map((value, i) => {
        const isCarry = i >= consts && i < consts + carry;
        return (isCarry ? active[i - consts]! : tangents[i] !== null) ? trial.input(value) : null;
      });
      const out = evaluateJvp(body, primals, trialTangents).tangents;
      return active.map((known, i) => known || out[i] !== null);
    });
    if (next.every((flag, i) => flag === active[i])) return active;
    active = next;
  }
}

/**
 * The primal loop, which also stacks what the derivative needs, and a linear loop over the tangents.
 */
function linearize(inputs: readonly Tensor[], params: ScanParams, tangents: readonly MaybeTensor[]): Linearized {
  const { body, length, consts, carry, reverse } = params;
  const active = activeCarries(params, tangents);
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
      const result = evaluateJvp(body, [...constants, ...carries, ...slices], seeds);
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

    // What the linear body reads of the primal one: the same in every step, an input slice, or a value to stack.
    const invariant: { inner: Value; outer: Tensor }[] = [];
    const varying: { inner: Value; outer: Tensor | number }[] = [];
    const extra: Tensor[] = [];
    for (const [i, outer] of linear.captured.entries()) {
      const inner = linear.program.inputs[i]!;
      if (outer.recorder !== primal) {
        invariant.push({ inner, outer });
        continue;
      }
      const slot = slices.indexOf(outer);
      if (slot >= 0) varying.push({ inner, outer: xs[slot]! });
      else varying.push({ inner, outer: extra.push(outer) - 1 });
    }
    const linearInputs = [
      ...invariant.map(({ inner }) => inner),
      ...linear.consts,
      ...linear.carries,
      ...varying.map(({ inner }) => inner),
      ...linear.xs,
    ];
    return {
      primal: primal.finish([...outputs, ...extra]),
      linearBody: new Program(linearInputs, linear.program.nodes, linear.program.outputs),
      invariant,
      varying,
      activeYs,
    };
  });

  const { program, captured } = parts.primal;
  const results = bind("scan", [...captured, ...inputs.slice(consts)], {
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
  const linearResults = bind(
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

/** The loop backwards: carries are the cotangents of the carries and the sums of those of the linear constants. */
function transpose(
  cotangents: readonly MaybeTensor[],
  inputs: readonly MaybeTensor[],
  avals: readonly Aval[],
  { body, length, consts, carry, reverse }: ScanParams,
): MaybeTensor[] {
  const firstX = consts + carry;
  const linearConsts = inputs.slice(0, consts).flatMap((input, i) => (input === null ? [i] : []));
  const linearXs = inputs.flatMap((input, i) => (i >= firstX && input === null ? [i] : []));
  const residualXs = inputs.flatMap((input, i) => (i >= firstX && input !== null ? [i] : []));
  const zerosOf = ({ shape, dtype }: Aval): Tensor => full(shape, 0, dtype);
  const carryCotangents = cotangents.slice(0, carry).map((ct, i) => ct ?? zerosOf(avals[consts + i]!));
  const sums = linearConsts.map((i) => zerosOf(avals[i]!));
  const yCotangents = cotangents.slice(carry);
  const { carry: last, ys } = scanTensors(
    (state, slices) => {
      // A carry is linear in the loop even if it starts from a known zero.
      const residuals = inputs.map((input, i) => (i < consts ? input : null));
      for (const [slot, i] of residualXs.entries()) residuals[i] = slices[slot]!;
      let slot = residualXs.length;
      const ySlices = yCotangents.map((ct) => (ct === null ? null : slices[slot++]!));
      const result = transposeProgram(body, residuals, [...state.slice(0, carry), ...ySlices]);
      const zeroIfNone = (i: number): Tensor => result[i] ?? zerosOf(body.inputs[i]!);
      const accumulated = linearConsts.map((i, k) => {
        const ct = result[i];
        return ct === null || ct === undefined ? state[carry + k]! : add(state[carry + k]!, ct);
      });
      return {
        carry: [...Array.from({ length: carry }, (_, i) => zeroIfNone(consts + i)), ...accumulated],
        ys: linearXs.map(zeroIfNone),
      };
    },
    [...carryCotangents, ...sums],
    [...residualXs.map((i) => inputs[i]!), ...yCotangents.filter((ct) => ct !== null)],
    length,
    !reverse,
  );
  return inputs.map((input, i) => {
    if (input !== null) return null;
    if (i < consts) return last[carry + linearConsts.indexOf(i)]!;
    if (i < firstX) return last[i - consts]!;
    return ys[linearXs.indexOf(i)]!;
  });
}

function reference(inputs: readonly HostArray[], params: ScanParams, outputs: readonly Aval[]): HostArray[] {
  const { body, length, consts, carry, reverse } = params;
  const constants = inputs.slice(0, consts);
  let state = inputs.slice(consts, consts + carry);
  const xs = inputs.slice(consts + carry);
  const ys = outputs.slice(carry).map(({ shape, dtype }) => ({ shape, dtype, data: allocate(dtype, sizeOf(shape)) }));
  for (let step = 0; step < length; step++) {
    const t = reverse ? length - 1 - step : step;
    const slices = xs.map(({ shape, dtype, data }) => {
      const size = sizeOf(shape.slice(1));
      return { shape: shape.slice(1), dtype, data: data.subarray(t * size, (t + 1) * size) };
    });
    const results = interpret(body, [...constants, ...state, ...slices]);
    state = results.slice(0, carry);
    for (const [i, y] of ys.entries()) y.data.set(results[carry + i]!.data, t * results[carry + i]!.data.length);
  }
  return [...state, ...ys];
}

export const scan: Rules<"scan"> = {
  scan: {
    outputs(inputs, params) {
      checkInputs(inputs, params);
      const { body, length, carry } = params;
      return body.outputs.map((output, i) => (i < carry ? output : stacked(length, output)));
    },
    linearize,
    transpose,
    reference,
  },
};
