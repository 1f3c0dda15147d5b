// Convolution and pooling. ONNX has the channels before the spatial dimensions, and behind the filters in kernels.
import { sizeOf } from "@hooke/runtime";
import type { OpenValue } from "../dims.ts";
import { type Graph, identity, type Operand } from "../graph.ts";
import { needTypes, type RulesOf } from "./rule.ts";

/** Axes of rows with channels last, channels first. */
const channelsFirst = (rank: number): number[] => [0, rank - 1, ...identity(rank - 2).map((axis) => axis + 1)];

/** Kernels `[...window, inputs, filters]`, with filters and inputs first. */
const filtersFirst = (rank: number): number[] => [rank - 1, rank - 2, ...identity(rank - 2)];

/** An array stored with channels first, read with channels last. */
function channelsLast(name: string, { shape, dtype }: OpenValue): Operand {
  const order = channelsFirst(shape.length);
  const stored = order.map((axis) => shape[axis]!);
  return { name, dtype, shape, stored, permutation: shape.map((_, axis) => order.indexOf(axis)) };
}

const rows = (graph: Graph, x: Operand): string => graph.dense(x, channelsFirst(x.shape.length));
const kernel = (graph: Graph, x: Operand): string => graph.dense(x, filtersFirst(x.shape.length));

type Padding = readonly (readonly [number, number])[];
const ends = (padding: Padding): number[] => [...padding.map(([low]) => low), ...padding.map(([, high]) => high)];

export const windows: RulesOf<"conv" | "convInputGradient" | "maxPool" | "sumPool"> = {
  conv(graph, node, [x, weights]) {
    needTypes(node as never, ["f32"]);
    const {
      params: { stride, padding, dilation, groups },
      outputs: [y],
    } = node;
    const attributes = { strides: stride, pads: ends(padding), dilations: dilation, group: groups };
    return [channelsLast(graph.add("Conv", [rows(graph, x!), kernel(graph, weights!)], attributes), y!)];
  },
  /** What a transposed convolution computes. */
  convInputGradient(graph, node, [cotangent, weights]) {
    needTypes(node as never, ["f32"]);
    const {
      params,
      outputs: [y],
    } = node;
    const { stride, padding, dilation, groups, spatial } = params;
    const missing = spatial.map((size, axis) => {
      const [low, high] = padding[axis]!;
      const window = (weights!.shape[axis] as number) * dilation[axis]! - dilation[axis]! + 1;
      return size - (stride[axis]! * ((cotangent!.shape[axis + 1] as number) - 1) + window - low - high);
    });
    const attributes = {
      strides: stride,
      pads: ends(padding),
      dilations: dilation,
      group: groups,
      output_padding: missing,
    };
    const name = graph.add("ConvTranspose", [rows(graph, cotangent!), kernel(graph, weights!)], attributes);
    return [channelsLast(name, y!)];
  },
  maxPool(graph, node, [x]) {
    needTypes(node as never, ["f32", "f64"]);
    const {
      params: { window, stride, padding },
      outputs: [y],
    } = node;
    const attributes = { kernel_shape: window, strides: stride, pads: ends(padding) };
    return [channelsLast(graph.add("MaxPool", [rows(graph, x!)], attributes), y!)];
  },
  sumPool(graph, node, [x]) {
    needTypes(node as never, ["f32"]);
    const {
      params: { window, stride, padding },
      outputs: [y],
    } = node;
    const { dtype } = x!;
    const pads = graph.integers(ends([[0, 0], [0, 0], ...padding]));
    const plain = ends(padding).every((amount) => amount === 0);
    const padded = plain ? rows(graph, x!) : graph.add("Pad", [rows(graph, x!), pads, graph.scalar(0, dtype)]);
    const mean = graph.add("AveragePool", [padded], { kernel_shape: window, strides: stride });
    return [channelsLast(graph.add("Mul", [mean, graph.scalar(sizeOf(window), dtype)]), y!)];
  },
};
