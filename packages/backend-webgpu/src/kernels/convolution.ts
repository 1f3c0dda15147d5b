// Convolutions as products of matrices that are read where the windows are. tfjs's kernels add long sums one after the other, or in any
// order, and start more workgroups in a dimension than a device has.
import { backend_util } from "@tensorflow/tfjs-core";
import { multiply } from "./product.ts";
import type { Kernel } from "./program.ts";

interface Attributes {
  readonly strides: [number, number];
  readonly pad: backend_util.ExplicitPadding;
  readonly dilations: [number, number];
}

type Shape4 = [number, number, number, number];

/**
 * WGSL: where things are. `image` is the shape of what windows slide over, `outer` that of what they give, `window` the filter's; `steps`
 * are the strides, and what is padded above and on the left; `dilation` has two numbers.
 */
const places = `
  // Batch, and row and column of the upper left corner of the window.
  fn windowOf(place : i32) -> vec4<i32> {
    let line = place / uniforms.outer.z;
    let n = line / uniforms.outer.y;
    return vec4<i32>(
      n,
      (line - n * uniforms.outer.y) * uniforms.steps.x - uniforms.steps.z,
      (place - line * uniforms.outer.z) * uniforms.steps.y - uniforms.steps.w,
      place);
  }
  // Row, column and channel within a window.
  fn tapOf(place : i32, channels : i32) -> vec4<i32> {
    let tap = place / channels;
    let i = tap / uniforms.window.y;
    return vec4<i32>(
      i * uniforms.dilation.x,
      (tap - i * uniforms.window.y) * uniforms.dilation.y,
      place - tap * channels,
      tap);
  }
  // What the windows slide over, 0 in the padding.
  fn seen(place : vec4<i32>, tap : vec4<i32>) -> f32 {
    let y = place.y + tap.x;
    let x = place.z + tap.y;
    if (y < 0 || x < 0 || y >= uniforms.image.y || x >= uniforms.image.z) { return 0.0; }
    return A[((place.x * uniforms.image.y + y) * uniforms.image.z + x) * uniforms.image.w + tap.z];
  }`;

const numbersOf = (
  image: readonly number[],
  outer: readonly number[],
  window: readonly number[],
  { strides, padInfo: { top, left } }: { strides: readonly number[]; padInfo: { top: number; left: number } },
  dilations: readonly number[] = [1, 1],
) => ({
  image,
  outer,
  window,
  steps: [...strides, top, left],
  dilation: [...dilations, 0, 0],
});

/** `x[N, H, W, C]` and `filter[h, w, C, F]` to `[N, H', W', F]`. */
const forward: Kernel = (backend, [x, filter], attrs) => {
  const { strides, pad, dilations } = attrs as unknown as Attributes;
  const info = backend_util.computeConv2DInfo(x!.shape as Shape4, filter!.shape as Shape4, strides, dilations, pad);
  const [batch, rows, columns] = [info.batchSize, info.outHeight * info.outWidth, info.outChannels];
  const [height, width, channels] = filter!.shape as Shape4;
  const depth = height * width * channels;
  const result = multiply(backend, [x!, filter!], {
    key: "convolution",
    rows: batch * rows,
    columns,
    depth,
    code: `${places}
      fn rowOf(row : i32) -> vec4<i32> { return windowOf(row); }
      fn columnOf(column : i32) -> vec4<i32> { return vec4<i32>(column, 0, 0, 0); }
      fn termOf(term : i32) -> vec4<i32> {
        let tap = tapOf(term, uniforms.image.w);
        return vec4<i32>(tap.xyz, term * uniforms.outer.w);
      }
      fn left(batch : i32, row : vec4<i32>, term : vec4<i32>) -> f32 { return seen(row, term); }
      fn right(batch : i32, term : vec4<i32>, column : vec4<i32>) -> f32 { return B[term.w + column.x]; }`,
    numbers: numbersOf(x!.shape, info.outShape, filter!.shape, { strides, padInfo: info.padInfo }, dilations),
  });
  return { ...result, shape: info.outShape };
};

/** The gradient with respect to the input: `dy[N, H', W', F]` and `filter[h, w, C, F]` to `[N, H, W, C]`. */
const inputGradient: Kernel = (backend, [dy, filter], attrs) => {
  const { strides, pad, inputShape } = attrs as unknown as Attributes & { readonly inputShape: Shape4 };
  const [batch, inHeight, inWidth, channels] = inputShape;
  const [height, width, , filters] = filter!.shape as Shape4;
  const depth = height * width * filters;
  const isDense = strides.every((stride) => stride === 1);
  const { padInfo } = backend_util.computeConv2DInfo(inputShape, filter!.shape as Shape4, strides, 1, pad);
  const result = multiply(backend, [dy!, filter!], {
    key: `convolution, gradient of the input ${isDense}`,
    rows: batch * inHeight * inWidth,
    columns: channels,
    depth,
    code: `${places}
      fn rowOf(row : i32) -> vec4<i32> {
        let line = row / uniforms.image.z;
        let n = line / uniforms.image.y;
        return vec4<i32>(
          n,
          line - n * uniforms.image.y + uniforms.steps.z,
          row - line * uniforms.image.z + uniforms.steps.w,
          0);
      }
      fn columnOf(column : i32) -> vec4<i32> { return vec4<i32>(column * uniforms.outer.w, 0, 0, 0); }
      fn termOf(term : i32) -> vec4<i32> {
        let tap = tapOf(term, uniforms.outer.w);
        return vec4<i32>(tap.xyz, tap.w * uniforms.image.w * uniforms.outer.w + tap.z);
      }
      // The output whose window has the tap here, if there is one.
      fn left(batch : i32, row : vec4<i32>, term : vec4<i32>) -> f32 {
        let top = row.y - term.x;
        let start = row.z - term.y;
        ${isDense ? "let y = top; let x = start;" : "let y = top / uniforms.steps.x; let x = start / uniforms.steps.y;"}
        if (top < 0 || start < 0 || y >= uniforms.outer.y || x >= uniforms.outer.z) { return 0.0; }
        ${isDense ? "" : "if (y * uniforms.steps.x != top || x * uniforms.steps.y != start) { return 0.0; }"}
        return A[((row.x * uniforms.outer.y + y) * uniforms.outer.z + x) * uniforms.outer.w + term.z];
      }
      fn right(batch : i32, term : vec4<i32>, column : vec4<i32>) -> f32 { return B[term.w + column.x]; }`,
    numbers: numbersOf(inputShape, dy!.shape, filter!.shape, { strides, padInfo }),
  });
  return { ...result, shape: inputShape };
};

/** The gradient with respect to the filter: `x[N, H, W, C]` and `dy[N, H', W', F]` to `[h, w, C, F]`. */
const filterGradient: Kernel = (backend, [x, dy], attrs) => {
  const { strides, pad, filterShape } = attrs as unknown as Attributes & { readonly filterShape: Shape4 };
  const [height, width, channels, filters] = filterShape;
  const [batch, outHeight, outWidth] = dy!.shape as Shape4;
  const { padInfo } = backend_util.computeConv2DInfo(x!.shape as Shape4, filterShape, strides, 1, pad);
  const result = multiply(backend, [x!, dy!], {
    key: "convolution, gradient of the filter",
    rows: height * width * channels,
    columns: filters,
    depth: batch * outHeight * outWidth,
    code: `${places}
      fn rowOf(row : i32) -> vec4<i32> { return tapOf(row, uniforms.image.w); }
      fn columnOf(column : i32) -> vec4<i32> { return vec4<i32>(column, 0, 0, 0); }
      fn termOf(term : i32) -> vec4<i32> { return windowOf(term); }
      fn left(batch : i32, row : vec4<i32>, term : vec4<i32>) -> f32 { return seen(term, row); }
      fn right(batch : i32, term : vec4<i32>, column : vec4<i32>) -> f32 { return B[term.w * uniforms.outer.w + column.x]; }`,
    numbers: numbersOf(x!.shape, dy!.shape, filterShape, { strides, padInfo }),
  });
  return { ...result, shape: filterShape };
};

export const convolution: Readonly<Record<string, Kernel>> = {
  Conv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
};
