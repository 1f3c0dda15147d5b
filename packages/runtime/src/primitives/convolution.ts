// Convolution, its gradient in the input and its gradient in the kernel: a trio closed under differentiation.
import { allocate, describe, type Shape, sameShape, sizeOf } from "../array.ts";
import { fail } from "../error.ts";
import { add } from "../ops/elementwise.ts";
import type { Aval } from "../program.ts";
import { emit } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { needFloat, needInputs } from "./needs.ts";
import type { ConvParams, SpatialParams } from "./params.ts";
import type { MaybeTensor, Rules } from "./rule.ts";
import { slide, visitWindows } from "./windows.ts";

type Name = "conv" | "convInputGradient" | "convKernelGradient";

const spatialOf = (shape: Shape): Shape => shape.slice(1, -1);

/** Checks `x` against the kernel and returns the output's shape. */
function outputShape(who: string, x: Aval, kernel: Aval, params: ConvParams): Shape {
  needFloat(who, x);
  const rank = x.shape.length;
  if (kernel.shape.length !== rank || kernel.dtype !== x.dtype) {
    fail(who, `received ${describe(x)} and the kernel ${describe(kernel)}; ranks and dtypes must agree.`, "mismatch");
  }
  const [perGroup, filters] = kernel.shape.slice(-2) as [number, number];
  const channels = x.shape.at(-1)!;
  const { groups } = params;
  const whole = Number.isInteger(groups) && groups >= 1 && Number.isInteger(perGroup);
  if (!whole || perGroup * groups !== channels || filters % groups !== 0) {
    fail(
      who,
      `received ${describe(x)} and the kernel ${describe(kernel)} in ${groups} group(s); ` +
        "the kernel's next-to-last axis must be input channels / groups, and groups must divide its last.",
      "mismatch",
    );
  }
  const spatial = slide(who, x, spatialOf(x.shape), { ...params, window: kernel.shape.slice(0, -2) });
  return [x.shape[0]!, ...spatial, filters];
}

function base({ stride, padding, dilation, groups }: ConvParams): ConvParams {
  return { stride, padding, dilation, groups };
}

const forward = (x: Tensor, kernel: Tensor, params: ConvParams): Tensor =>
  emit(convolution, "conv", [x, kernel], base(params))[0]!;
const inputGradient = (ct: Tensor, kernel: Tensor, params: ConvParams, spatial: Shape): Tensor =>
  emit(convolution, "convInputGradient", [ct, kernel], { ...base(params), spatial })[0]!;
const kernelGradient = (x: Tensor, ct: Tensor, params: ConvParams, spatial: Shape): Tensor =>
  emit(convolution, "convKernelGradient", [x, ct], { ...base(params), spatial })[0]!;

function bilinear<K extends Name>(
  name: K,
  params: ConvParams & Partial<SpatialParams>,
  inputs: readonly Tensor[],
  [da, db]: readonly MaybeTensor[],
): MaybeTensor[] {
  const [a, b] = inputs as [Tensor, Tensor];
  const apply = (x: Tensor, y: Tensor): Tensor => emit(convolution, name, [x, y], params as never)[0]!;
  const left = da === null ? null : apply(da!, b);
  const right = db === null ? null : apply(a, db!);
  return [left === null ? right : right === null ? left : add(left, right)];
}

/** Visits every product `x[.., from, channel] * kernel[tap, row, filter] -> y[.., out, filter]` as flat indices. */
function visitProducts(
  x: Shape,
  kernel: Shape,
  y: Shape,
  params: ConvParams,
  visit: (x: number, kernel: number, y: number) => void,
): void {
  const [perGroup, filters] = kernel.slice(-2) as [number, number];
  const channels = x.at(-1)!;
  const filtersPerGroup = filters / params.groups;
  const inSize = sizeOf(spatialOf(x));
  const outSize = sizeOf(spatialOf(y));
  const geometry = { ...params, window: kernel.slice(0, -2) };
  for (let n = 0; n < x[0]!; n++) {
    visitWindows(spatialOf(x), spatialOf(y), geometry, (out, from, tap) => {
      const baseX = (n * inSize + from) * channels;
      const baseY = (n * outSize + out) * filters;
      for (let filter = 0; filter < filters; filter++) {
        const group = Math.floor(filter / filtersPerGroup);
        for (let row = 0; row < perGroup; row++) {
          visit(baseX + group * perGroup + row, (tap * perGroup + row) * filters + filter, baseY + filter);
        }
      }
    });
  }
}

function accumulate(
  { shape, dtype }: Aval,
  run: (totals: Float64Array) => void,
): { shape: Shape; dtype: typeof dtype; data: ReturnType<typeof allocate> }[] {
  const totals = new Float64Array(sizeOf(shape));
  run(totals);
  const data = allocate(dtype, totals.length);
  data.set(totals);
  return [{ shape, dtype, data }];
}

export const convolution: Rules<Name> = {
  conv: {
    outputs(inputs, params) {
      needInputs("conv", inputs, 2);
      return [{ shape: outputShape("conv", inputs[0]!, inputs[1]!, params), dtype: inputs[0]!.dtype }];
    },
    jvp: (inputs, _, params, tangents) => bilinear("conv", params, inputs, tangents),
    transpose: ([ct], [x, kernel], [xAval, kernelAval], params) =>
      x === null
        ? [inputGradient(ct!, kernel!, params, spatialOf(xAval!.shape)), null]
        : [null, kernelGradient(x!, ct!, params, kernelAval!.shape.slice(0, -2))],
    reference: ([x, kernel], params, [out]) =>
      accumulate(out!, (totals) => {
        visitProducts(x!.shape, kernel!.shape, out!.shape, params, (i, k, o) => {
          totals[o]! += x!.data[i]! * kernel!.data[k]!;
        });
      }),
  },
  convInputGradient: {
    outputs(inputs, params) {
      needInputs("convInputGradient", inputs, 2);
      const [ct, kernel] = inputs as [Aval, Aval];
      const channels = kernel.shape.at(-2)! * params.groups;
      const x: Aval = { shape: [ct.shape[0]!, ...params.spatial, channels], dtype: ct.dtype };
      const expected = outputShape("convInputGradient", x, kernel, params);
      if (!sameShape(expected, ct.shape)) {
        fail(
          "convInputGradient",
          `received the cotangent ${describe(ct)}; an input of ${describe(x)} yields [${expected.join(", ")}].`,
          "mismatch",
        );
      }
      return [x];
    },
    jvp: (inputs, _, params, tangents) => bilinear("convInputGradient", params, inputs, tangents),
    transpose: ([ct], [y, kernel], [, kernelAval], params) =>
      y === null
        ? [forward(ct!, kernel!, params), null]
        : [null, kernelGradient(ct!, y!, params, kernelAval!.shape.slice(0, -2))],
    reference: ([ct, kernel], params, [out]) =>
      accumulate(out!, (totals) => {
        visitProducts(out!.shape, kernel!.shape, ct!.shape, params, (i, k, o) => {
          totals[i]! += ct!.data[o]! * kernel!.data[k]!;
        });
      }),
  },
  convKernelGradient: {
    outputs(inputs, params) {
      needInputs("convKernelGradient", inputs, 2);
      const [x, ct] = inputs as [Aval, Aval];
      const perGroup = x.shape.at(-1)! / params.groups;
      const kernel: Aval = { shape: [...params.spatial, perGroup, ct.shape.at(-1)!], dtype: x.dtype };
      const expected = outputShape("convKernelGradient", x, kernel, params);
      if (!sameShape(expected, ct.shape)) {
        fail(
          "convKernelGradient",
          `received the cotangent ${describe(ct)}; a kernel of ${describe(kernel)} yields [${expected.join(", ")}].`,
          "mismatch",
        );
      }
      return [kernel];
    },
    jvp: (inputs, _, params, tangents) => bilinear("convKernelGradient", params, inputs, tangents),
    transpose: ([ct], [x, y], [xAval], params) =>
      x === null ? [inputGradient(y!, ct!, params, spatialOf(xAval!.shape)), null] : [null, forward(x!, ct!, params)],
    reference: ([x, ct], params, [out]) =>
      accumulate(out!, (totals) => {
        visitProducts(x!.shape, out!.shape, ct!.shape, params, (i, k, o) => {
          totals[k]! += x!.data[i]! * ct!.data[o]!;
        });
      }),
  },
};
