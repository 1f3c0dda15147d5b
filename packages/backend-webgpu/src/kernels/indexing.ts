// Moving elements: every kernel that only rearranges is one copy with strides, or a look-up.
import { fail, sizeOf, stridesOf } from "@hooke/runtime";
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { type Info, type Kernel, runProgram } from "./program.ts";

/** Four numbers, with `fill` in front. */
export function four(values: readonly number[], fill: number): number[] {
  if (values.length > 4)
    fail("backend webgpu", `a kernel received ${values.length} dimensions; they take up to 4.`, "unsupported");
  return [...new Array<number>(4 - values.length).fill(fill), ...values];
}

/** Strides of `from` where it has the dimension of `to`, 0 where it repeats; shapes align at their ends. */
export const repeatStrides = (from: readonly number[], to: readonly number[]): number[] => {
  const strides = stridesOf(from);
  const missing = to.length - from.length;
  return to.map((_, axis) => (axis < missing || from[axis - missing] === 1 ? 0 : strides[axis - missing]!));
};

/** WGSL: the four indices of an element in an array of `uniforms.dims`. */
export const placeOf = `
  fn placeOf(index : i32) -> vec4<i32> {
    let d = uniforms.dims;
    let z = index / d.w;
    let y = z / d.z;
    let x = y / d.y;
    return vec4<i32>(x, y - x * d.y, z - y * d.z, index - z * d.w);
  }
  fn inner(a : vec4<i32>, b : vec4<i32>) -> i32 { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }`;

function copy(backend: WebGPUBackend, x: Info, shape: readonly number[], strides: readonly number[], offset = 0): Info {
  return runProgram(backend, [x], shape, x.dtype, {
    key: "copy",
    helpers: placeOf,
    value: "A[inner(placeOf(index), uniforms.strides) + uniforms.offset]",
    numbers: { dims: four(shape, 1), strides: four(strides, 0), offset: [offset] },
  });
}

const transpose: Kernel = (backend, [x], { perm }) => {
  const strides = stridesOf(x!.shape);
  const order = perm as number[];
  return copy(
    backend,
    x!,
    order.map((axis) => x!.shape[axis]!),
    order.map((axis) => strides[axis]!),
  );
};

/** Only dimensions of 1 repeat. */
const tile: Kernel = (backend, [x], { reps }) => {
  const shape = x!.shape.map((dimension, axis) => dimension * (reps as number[])[axis]!);
  return copy(backend, x!, shape, repeatStrides(x!.shape, shape));
};

const slice: Kernel = (backend, [x], attrs) => {
  const { begin, size } = attrs as { begin: number[]; size: number[] };
  const strides = stridesOf(x!.shape);
  return copy(
    backend,
    x!,
    size,
    strides,
    begin.reduce((sum, start, axis) => sum + start * strides[axis]!, 0),
  );
};

/** Of matrices along their rows, two at a time. */
const concat: Kernel = (backend, [first, ...rest]) => {
  let joined = first!;
  for (const part of rest) {
    const [left, right] = [joined.shape[1]!, part.shape[1]!];
    const next = runProgram(backend, [joined, part], [joined.shape[0]!, left + right], joined.dtype, {
      key: "concat",
      // An array that is not read is still addressed: its index stays within it.
      before: `
        let row = index / (uniforms.left + uniforms.right);
        let column = index - row * (uniforms.left + uniforms.right);
        let isLeft = column < uniforms.left;`,
      value: `select(
        B[row * uniforms.right + max(column - uniforms.left, 0)],
        A[row * uniforms.left + min(column, uniforms.left - 1)], isLeft)`,
      numbers: { left: [left], right: [right] },
    });
    if (joined !== first) backend.disposeData(joined.dataId);
    joined = next;
  }
  return joined;
};

/** `x[outer, length, inner]` at flat indices of its middle axis. */
const gather: Kernel = (backend, [x, indices]) => {
  const [outer, length, inner] = x!.shape as [number, number, number];
  const count = sizeOf(indices!.shape);
  return runProgram(backend, [x!, indices!], [outer, count, inner], x!.dtype, {
    key: "gather",
    before: `
      let row = index / uniforms.inside;
      let i = index - row * uniforms.inside;
      let o = row / uniforms.count;
      let c = row - o * uniforms.count;`,
    value: "A[(o * uniforms.span + B[c]) * uniforms.inside + i]",
    numbers: { inside: [inner], count: [count], span: [length] },
  });
};

export const indexing: Readonly<Record<string, Kernel>> = {
  Transpose: transpose,
  Tile: tile,
  Slice: slice,
  Concat: concat,
  GatherV2: gather,
};
