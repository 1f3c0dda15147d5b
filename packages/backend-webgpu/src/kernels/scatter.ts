// Rows of updates added up at indices, in their order, so that sums have the same bits every time; tfjs's atomic additions
// come in any order.
import { sizeOf } from "@hooke/runtime";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type Info, type Kernel, runProgram } from "./program.ts";

/** Up to so many updates, every element of the result looks through them all; lists of this length are sorted at once. */
const short = 64;

/** The places of updates, ordered by their index and then by their place: short lists first, which are then merged in pairs. */
function orderOf(backend: WebGPUBackend, indices: Info): Info {
  const count = sizeOf(indices.shape);
  let order = runProgram(backend, [indices], [count], "int32", {
    key: "order of short lists",
    before: `
      let start = index / uniforms.span * uniforms.span;
      let own = A[index];
      var place = start;
      for (var i = start; i < min(start + uniforms.span, uniforms.size); i++) {
        place += i32(A[i] < own || (A[i] == own && i < index));
      }`,
    place: "place",
    value: "index",
    numbers: { span: [short] },
  });
  for (let span = short; span < count; span *= 2) {
    const merged = runProgram(backend, [indices, order], [count], "int32", {
      key: "merged order",
      // An entry moves by as many of the other list as come before it.
      before: `
        let start = index / (2 * uniforms.span) * (2 * uniforms.span);
        let middle = min(start + uniforms.span, uniforms.size);
        let isLeft = index < middle;
        let own = A[B[index]];
        var low = select(start, middle, isLeft);
        var high = select(middle, min(start + 2 * uniforms.span, uniforms.size), isLeft);
        while (low < high) {
          let half = (low + high) / 2;
          let other = A[B[half]];
          if (other < own || (!isLeft && other == own)) { low = half + 1; } else { high = half; }
        }`,
      place: "index + low - middle",
      value: "B[index]",
      numbers: { span: [span] },
    });
    backend.disposeData(order.dataId);
    order = merged;
  }
  return order;
}

/** Every element of the result looks for its updates. */
const scatter: Kernel = (backend, [indices, updates], { shape }) => {
  const [rows, width] = shape as [number, number];
  const { dtype } = updates!;
  const count = sizeOf(indices!.shape);
  const numbers = { width: [width], count: [count] };
  const start = `
    let row = index / uniforms.width;
    let column = index - row * uniforms.width;
    var total = ${dtype === "float32" ? "0.0" : "0"};`;
  if (count <= short) {
    return runProgram(backend, [indices!, updates!], [rows, width], dtype, {
      key: "scatter",
      before: `${start}
        for (var i = 0; i < uniforms.count; i++) {
          if (A[i] == row) { total += B[i * uniforms.width + column]; }
        }`,
      value: "total",
      numbers,
    });
  }
  const order = orderOf(backend, indices!);
  const result = runProgram(backend, [indices!, order, updates!], [rows, width], dtype, {
    key: "scatter in order",
    before: `${start}
      var low = 0;
      var high = uniforms.count;
      while (low < high) {
        let half = (low + high) / 2;
        if (A[B[half]] < row) { low = half + 1; } else { high = half; }
      }
      for (; low < uniforms.count && A[B[low]] == row; low++) { total += C[B[low] * uniforms.width + column]; }`,
    value: "total",
    numbers,
  });
  backend.disposeData(order.dataId);
  return result;
};

export const scattering: Readonly<Record<string, Kernel>> = { ScatterNd: scatter };
