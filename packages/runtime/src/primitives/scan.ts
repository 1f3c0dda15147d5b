// Scan: a loop as one primitive, so that a program's length does not depend on the number of steps.
import { allocate, describe, type HostArray, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { add, full, sub } from "../ops/elementwise.ts";
import { scanTensors } from "../ops/scan.ts";
import { reshape } from "../ops/structure.ts";
import type { Aval } from "../program.ts";
import type { Tensor } from "../tensor.ts";
import type { ScanParams } from "./params.ts";
import type { Interpret, MaybeTensor, Rules, TransposeProgram } from "./rule.ts";
import { linearizeScan } from "./scan-derivative.ts";
import { SumsOfProducts } from "./scan-products.ts";
import { trimScan } from "./scan-trim.ts";

const stacked = (length: number, { shape, dtype }: Aval): Aval => ({ shape: [length, ...shape], dtype });

function checkInputs(inputs: readonly Aval[], { body, length, consts, carry }: ScanParams): void {
  if (inputs.length !== body.inputs.length) {
    fail("scan", `received ${inputs.length} inputs; its body takes ${body.inputs.length}.`, "mismatch");
  }
  for (const [i, input] of inputs.entries()) {
    const inner = body.inputs[i]!;
    const expected = describe(i < consts + carry ? inner : stacked(length, inner));
    if (describe(input) !== expected)
      fail("scan", `received ${describe(input)} as input ${i}; it takes ${expected}.`, "mismatch");
  }
  for (let i = 0; i < carry; i++) {
    const before = describe(body.inputs[consts + i]!);
    const after = describe(body.outputs[i]!);
    if (before !== after) {
      fail(
        "scan",
        `carry ${i} enters the body as ${before} and leaves it as ${after}; shapes and dtypes must stay.`,
        "mismatch",
      );
    }
  }
}

/** Steps whose contributions to a constant's cotangent are added up as they come. */
const longestSum = 32;

/**
 * The loop backwards: carries are the cotangents of the carries and the sums of those of the linear constants, which a single step
 * writes as they are.
 */
function transpose(
  cotangents: readonly MaybeTensor[],
  inputs: readonly MaybeTensor[],
  avals: readonly Aval[],
  { body, length, consts, carry, reverse, recompute }: ScanParams,
  transposeBody: TransposeProgram,
): MaybeTensor[] {
  const firstX = consts + carry;
  const linearConsts = inputs.slice(0, consts).flatMap((input, i) => (input === null ? [i] : []));
  const linearXs = inputs.flatMap((input, i) => (i >= firstX && input === null ? [i] : []));
  const residualXs = inputs.flatMap((input, i) => (i >= firstX && input !== null ? [i] : []));
  const zerosOf = ({ shape, dtype }: Aval): Tensor => full(shape, 0, dtype);
  const carryCotangents = cotangents.slice(0, carry).map((ct, i) => ct ?? zerosOf(avals[consts + i]!));
  const single = length === 1;
  const summed = single ? [] : linearConsts;
  const sums = summed.map((i) => zerosOf(avals[i]!));
  // Long sums of f32 carry what their roundings lost (Kahan, 1965): a plain one drifts with every step.
  const compensated = summed.filter((i) => length > longestSum && avals[i]!.dtype === "f32");
  const losses = compensated.map((i) => zerosOf(avals[i]!));
  const yCotangents = cotangents.slice(carry);
  const arrays = [...residualXs.map((i) => inputs[i]!), ...yCotangents.filter((ct) => ct !== null)];
  // What the loop computes again in derivatives is not to be kept by them.
  const products = recompute || single ? undefined : new SumsOfProducts(arrays);
  const { carry: last, ys } = scanTensors(
    (state, slices) => {
      // A carry is linear in the loop even if it starts from a known zero.
      const residuals = inputs.map((input, i) => (i < consts ? input : null));
      for (const [slot, i] of residualXs.entries()) residuals[i] = slices[slot]!;
      let slot = residualXs.length;
      const ySlices = yCotangents.map((ct) => (ct === null ? null : slices[slot++]!));
      const result = transposeBody(body, residuals, [...state.slice(0, carry), ...ySlices]);
      const zeroIfNone = (i: number): Tensor => result[i] ?? zerosOf(body.inputs[i]!);
      const lost = state.slice(carry + summed.length);
      const written = linearXs.map(zeroIfNone);
      products?.begin(slices, written);
      const accumulated = summed.map((i, k) => {
        const ct = result[i];
        const total = state[carry + k]!;
        if (ct === null || ct === undefined || products?.take(i, ct, total)) return total;
        const at = compensated.indexOf(i);
        if (at < 0) return add(total, ct);
        const term = sub(ct, lost[at]!);
        const next = add(total, term);
        lost[at] = sub(sub(next, total), term);
        return next;
      });
      return {
        carry: [...Array.from({ length: carry }, (_, i) => zeroIfNone(consts + i)), ...accumulated, ...lost],
        ys: single ? [...written, ...linearConsts.map(zeroIfNone)] : (products?.written ?? written),
      };
    },
    [...carryCotangents, ...sums, ...losses],
    arrays,
    length,
    { reverse: !reverse, ...(recompute && { recompute }) },
  );
  return inputs.map((input, i) => {
    if (input !== null) return null;
    if (i < consts && single) return reshape(ys[linearXs.length + linearConsts.indexOf(i)]!, avals[i]!.shape);
    if (i < consts) return products?.sum(i, ys) ?? last[carry + linearConsts.indexOf(i)]!;
    if (i < firstX) return last[i - consts]!;
    return ys[linearXs.indexOf(i)]!;
  });
}

function reference(
  inputs: readonly HostArray[],
  params: ScanParams,
  outputs: readonly Aval[],
  interpretBody: Interpret,
): HostArray[] {
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
    const results = interpretBody(body, [...constants, ...state, ...slices]);
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
    linearize: linearizeScan,
    transpose,
    reference,
    trim: trimScan,
  },
};
