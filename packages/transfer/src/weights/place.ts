// Putting the tensors of a file in their places in a model: by name, in the model's layout, each at most once.
import { type InputShape, init, type Layer, type Variables } from "@hooke/core";
import {
  type Aval,
  describe,
  fail,
  type HostArray,
  isFloat,
  record,
  type Shape,
  sameShape,
  sizeOf,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
  zeros,
} from "@hooke/runtime";
import type { KernelLayout, NameMap } from "./maps/name-map.ts";
import type { FileTensors } from "./read-tensors.ts";
import { makeReport, type WeightsReport } from "./report.ts";

/** The variables of a model, by what they are. */
export type Structure = Variables<Aval>;

/** What the variables of a model are, without making them. */
export function structureOf(layer: Layer, inputShape: InputShape): Structure {
  const { result } = record(
    ((key: Tensor) => init(layer, inputShape, key)) as never,
    { shape: [2], dtype: "u32" } as never,
  ) as unknown as { result: Structure };
  return result;
}

/** Tensors by name, put in their places. */
export interface Placed {
  readonly report: WeightsReport;
  /** What becomes of each variable, by path. */
  readonly found: ReadonlyMap<string, Found>;
}

/** A tensor of the file, and the layout it is stored in. */
interface Found {
  readonly tensor: HostArray;
  readonly layout: KernelLayout;
}

const isKernel = (path: string): boolean => /(^|\.)kernel$/.test(path);

/** Places the tensors of a file under one map, after a prefix of their names. */
export function place({ tensors, nest }: FileTensors, structure: Structure, map: NameMap, prefix: string): Placed {
  const wanted = new Map(
    [structure.params, structure.state]
      .flatMap((tree) => treeLeaves<Aval>(tree))
      .map(({ path, value }) => [path, value]),
  );
  const children = new Set([...wanted.keys()].map((path) => path.split(".")[0]!));
  const absent = new Set((map.optional ?? []).filter((child) => !children.has(child)));
  const found = new Map<string, Found>();
  const names = new Map<string, string>();
  const leftOver: string[] = [];
  const ignored: string[] = [];
  const mismatched: { name: string; path: string; why: string }[] = [];
  for (const [name, tensor] of Object.entries(tensors)) {
    const path = name.startsWith(prefix) ? map.pathOf(name.slice(prefix.length)) : undefined;
    if (path === "none" || (path !== undefined && absent.has(path.split(".")[0]!))) {
      ignored.push(name);
      continue;
    }
    const expected = path === undefined ? undefined : wanted.get(path);
    if (path === undefined || expected === undefined) {
      leftOver.push(name);
      continue;
    }
    if (names.has(path)) {
      fail(
        "loadWeights",
        `both "${names.get(path)}" and "${name}" are ${path}; leave one of them out of the file.`,
        "mismatch",
      );
    }
    const layout = isKernel(path) ? map.layout : "hooke";
    if (!isFloat(tensor.dtype) || !fits(tensor.shape, expected.shape, layout)) {
      mismatched.push({ name, path, why: `${name} ${describe(tensor)} for ${path} ${describe(expected)}` });
      continue;
    }
    names.set(path, name);
    found.set(path, { tensor, layout });
  }
  const odd = new Set(mismatched.map(({ path }) => path));
  const matched = [...wanted.keys()].flatMap((path) => (names.has(path) ? [{ name: names.get(path)!, path }] : []));
  const missing = [...wanted.keys()].filter((path) => !found.has(path) && !odd.has(path));
  return {
    found,
    report: makeReport({ map: map.name, nest, prefix, matched, missing, leftOver, mismatched, ignored }),
  };
}

/** The variables with what was placed in them, the others from `start`. */
export function filled(
  structure: Structure,
  found: Placed["found"],
  start: Variables<HostArray> | undefined,
): Variables<HostArray> {
  const given = new Map(
    start === undefined
      ? []
      : [start.params, start.state]
          .flatMap((tree) => treeLeaves<HostArray>(tree))
          .map(({ path, value }) => [path, value]),
  );
  const fill = (tree: Tree<Aval>): Tree<HostArray> =>
    treeMap(tree, (aval: Aval, path: string): HostArray => {
      const placed = found.get(path);
      if (placed !== undefined) return inLayout(placed, aval);
      const value = given.get(path);
      if (value === undefined || !sameShape(value.shape, aval.shape)) {
        return fail(
          "loadWeights",
          `option "variables" has ${value === undefined ? "no" : describe(value)} "${path}"; expected ${describe(aval)}. ` +
            "Give what initialize makes for this model.",
          "mismatch",
        );
      }
      return value;
    }) as Tree<HostArray>;
  return { params: fill(structure.params), state: fill(structure.state) };
}

/** A tensor in the layout of a variable. */
function inLayout({ tensor, layout }: Found, { shape, dtype }: Aval): HostArray {
  const { data } = isTurned(tensor.shape, layout) ? channelsLast(tensor) : tensor;
  const value = zeros(shape, dtype);
  value.data.set(data as Float32Array);
  return value;
}

const isTurned = (stored: Shape, layout: KernelLayout): boolean => layout === "torch" && stored.length >= 2;

/** Whether a tensor of this shape in this layout is a variable of that shape. */
function fits(stored: Shape, shape: Shape, layout: KernelLayout): boolean {
  const [out, inner, ...window] = stored as [number, number, ...number[]];
  const turned = isTurned(stored, layout) ? [...window, inner, out] : stored;
  if (sizeOf(turned) !== sizeOf(shape)) return false;
  // A depthwise kernel, whose numbers stand in the same order: filters of one channel lie side by side in both.
  if (layout === "keras" && shape.length > 2 && shape.at(-2) === 1) {
    return sameShape(stored.slice(0, -2), shape.slice(0, -2));
  }
  return sameShape(squeezed(turned), squeezed(shape));
}

/** Without leading axes of one point: a 1x1 convolution and a dense layer are the same. */
const squeezed = (shape: Shape): Shape =>
  shape.slice(
    Math.max(
      0,
      shape.findIndex((size) => size !== 1),
    ),
  );

/** `[out, in, ...window]` to `[...window, in, out]`. */
function channelsLast({ shape, dtype, data }: HostArray): HostArray {
  const [out, inner, ...window] = shape as [number, number, ...number[]];
  const points = sizeOf(window);
  const turned = zeros([...window, inner, out], dtype);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < inner; i++) {
      const from = (o * inner + i) * points;
      for (let p = 0; p < points; p++) turned.data[(p * inner + i) * out + o] = data[from + p]!;
    }
  }
  return turned;
}
