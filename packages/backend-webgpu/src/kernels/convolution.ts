// Convolutions that tfjs's kernels do not suit, one thread per element: more images or positions than tfjs can start
// workgroups for, and long sums of one image, which it adds in any order.
import { backend_util } from "@tensorflow/tfjs-core";
import { addsInAnyOrder, common, fitsDispatch } from "./common.ts";
import { placeOf } from "./indexing.ts";
import { type Kernel, runProgram } from "./program.ts";

interface Attributes {
  readonly strides: [number, number];
  readonly pad: backend_util.ExplicitPadding;
  readonly dilations: [number, number];
}

type Shape4 = [number, number, number, number];

/** `x[N, H, W, C]` and `filter[h, w, C, F]` to `[N, H', W', F]`. */
const forward: Kernel = (backend, [x, filter], attrs) => {
  const { strides, pad, dilations } = attrs as unknown as Attributes;
  const info = backend_util.computeConv2DInfo(x!.shape as Shape4, filter!.shape as Shape4, strides, dilations, pad);
  const [batch, rows, columns] = [info.batchSize, info.outHeight * info.outWidth, info.outChannels];
  const [height, width, channels] = filter!.shape as Shape4;
  const depth = height * width * channels;
  // Where the filter is as large as the image, tfjs multiplies one matrix with a row for each image.
  const seen = rows === 1 ? { batch: 1, rows: batch, columns, depth } : { batch, rows, columns, depth };
  if (fitsDispatch(backend, { batch, rows, columns }) && !addsInAnyOrder(backend, seen)) {
    return common("Conv2D", backend, { x: x!, filter: filter! }, attrs);
  }
  return runProgram(backend, [x!, filter!], info.outShape, "float32", {
    key: "convolution",
    helpers: placeOf,
    before: `
      let place = placeOf(index);
      var total = 0.0;
      for (var i = 0; i < uniforms.window.x; i++) {
        let y = place.y * uniforms.steps.x - uniforms.steps.z + i * uniforms.window.z;
        if (y < 0 || y >= uniforms.image.y) { continue; }
        for (var j = 0; j < uniforms.window.y; j++) {
          let x = place.z * uniforms.steps.y - uniforms.steps.w + j * uniforms.window.w;
          if (x < 0 || x >= uniforms.image.z) { continue; }
          var left = ((place.x * uniforms.image.y + y) * uniforms.image.z + x) * uniforms.image.w;
          var right = (i * uniforms.window.y + j) * uniforms.image.w * uniforms.dims.w + place.w;
          for (var c = 0; c < uniforms.image.w; c++) {
            total = fma(A[left], B[right], total);
            left++;
            right += uniforms.dims.w;
          }
        }
      }`,
    value: "total",
    numbers: {
      dims: info.outShape,
      image: x!.shape,
      window: [height, width, ...dilations],
      steps: [...strides, info.padInfo.top, info.padInfo.left],
    },
  });
};

/** The gradient with respect to the input: `dy[N, H', W', F]` and `filter[h, w, C, F]` to `[N, H, W, C]`. */
const inputGradient: Kernel = (backend, [dy, filter], attrs) => {
  const { strides, pad, inputShape } = attrs as unknown as Attributes & { readonly inputShape: Shape4 };
  const [batch, inHeight, inWidth, channels] = inputShape;
  if (fitsDispatch(backend, { batch, rows: inHeight * inWidth, columns: channels })) {
    return common("Conv2DBackpropInput", backend, { dy: dy!, filter: filter! }, attrs);
  }
  const { padInfo } = backend_util.computeConv2DInfo(inputShape, filter!.shape as Shape4, strides, 1, pad);
  return runProgram(backend, [dy!, filter!], inputShape, "float32", {
    key: "convolution, gradient of the input",
    helpers: placeOf,
    before: `
      let place = placeOf(index);
      var total = 0.0;
      for (var i = 0; i < uniforms.window.x; i++) {
        let top = place.y + uniforms.steps.z - i;
        let y = top / uniforms.steps.x;
        if (top < 0 || y * uniforms.steps.x != top || y >= uniforms.image.y) { continue; }
        for (var j = 0; j < uniforms.window.y; j++) {
          let before = place.z + uniforms.steps.w - j;
          let x = before / uniforms.steps.y;
          if (before < 0 || x * uniforms.steps.y != before || x >= uniforms.image.z) { continue; }
          let left = ((place.x * uniforms.image.y + y) * uniforms.image.z + x) * uniforms.image.w;
          let right = ((i * uniforms.window.y + j) * uniforms.dims.w + place.w) * uniforms.image.w;
          for (var f = 0; f < uniforms.image.w; f++) { total = fma(A[left + f], B[right + f], total); }
        }
      }`,
    value: "total",
    numbers: {
      dims: inputShape,
      image: dy!.shape,
      window: filter!.shape,
      steps: [...strides, padInfo.top, padInfo.left],
    },
  });
};

export const convolution: Readonly<Record<string, Kernel>> = { Conv2D: forward, Conv2DBackpropInput: inputGradient };
