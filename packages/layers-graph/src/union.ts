// The union of a batch's graphs: one graph of all their nodes, one behind another, so that what pads rows is not computed.
import { defineLayer, isLayer, type Layer, sequenceLengths, validSteps, withinLengths } from "@hooke/core";
import {
  add,
  convert,
  cumsum,
  describe,
  fail,
  gather,
  greaterEqual,
  HookeError,
  iota,
  less,
  rem,
  reshape,
  select,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";

/** What edges and nodes carry, by the name of its extra. */
const edgeExtras = ["edges", "shifts"];
const nodeExtras = ["positions"];

/**
 * Applies a layer to graphs, `[rows, nodes, ...]`, as to one graph of all their nodes, `[1, nodes, ...]`. What the layer computes is the same;
 * where the dataset says by `unionNodes` and its kin how the graphs of a batch stand one behind another, as {@link graphDataset} does, it
 * computes nearly no padding.
 *
 * A layer that keeps the nodes gives `[rows, nodes, ...]`, one of edges `[rows, edges, ...]`, 0 for what pads rows; one that ends in a readout gives `[rows, ...]`.
 */
export const graphUnion = /* @__PURE__ */ defineLayer({
  type: "graphUnion",
  children: (layer: Layer) => {
    if (!isLayer(layer))
      fail("graphUnion", "expected a layer, such as sequential([graphConv({ units: 64 }), readout()]).");
    return { layer };
  },
  apply: ({ children: { layer }, extras }, x) => {
    const { unionNodes, unionEdges, unionSenders, unionReceivers, unionMembers, lengths: given } = extras;
    // What graphs have is for layers that need it: none is refused for being read by nobody.
    const { reverse, senders, receivers, targetLengths: _ } = extras;
    const carried = [...edgeExtras, ...nodeExtras].filter((name) => extras[name] !== undefined);
    const lengths = sequenceLengths(given, x);
    if (unionNodes === undefined) {
      const output = layer(x);
      if (output.rank < 3 || lengths === undefined) return output;
      if (output.shape[1] === x.shape[1]) return withinLengths(output, lengths);
      const ofEdges = senders !== undefined && output.shape[1] === senders.shape[1];
      return ofEdges ? withinLengths(output, edgeCounts(senders)) : output;
    }
    if (lengths === undefined || senders === undefined || receivers === undefined || x.rank < 2) {
      throw new HookeError(
        `expected nodes [rows, nodes, ...], lengths, senders and receivers, received ${describe(x)}; graphDataset makes them.`,
        { code: "mismatch" },
      );
    }
    const [rows, nodes] = x.shape as [number, number];
    const perRow = senders.shape[1]!;
    const joined = (values: Tensor, places: Tensor): Tensor => {
      const [, each, ...rest] = values.shape as [number, number, ...number[]];
      return reshape(gather(reshape(values, [rows * each, ...rest]), places), [1, places.shape[0]!, ...rest]);
    };
    const alone = (values: Tensor): Tensor => reshape(values, [1, ...values.shape]);
    const placesOf = (name: string): Tensor => (nodeExtras.includes(name) ? unionNodes : unionEdges!);
    const own = carried.map((name) => [name, joined(extras[name]!, placesOf(name))] as const);
    const output = layer(joined(x, unionNodes), {
      ...Object.fromEntries(own),
      ...(reverse && { reverse: reversed(joined(reverse, unionEdges!), unionEdges!, perRow) }),
      senders: alone(unionSenders!),
      receivers: alone(unionReceivers!),
      members: alone(unionMembers!),
      lengths: sum(lengths, { axes: 0, keepDims: true }),
      graphs: lengths,
    });
    if (output.rank < 3 || output.shape[0] !== 1) return output;
    // What is of nodes and what of edges is told apart by its size: graphDataset gives rows, and unions, other numbers of both.
    if (output.shape[1] === unionNodes.shape[0]) return parted(output, lengths, nodes);
    return parted(output, edgeCounts(senders), perRow);
  },
});

/** How many edges there are in each row, `i32[rows]`. */
const edgeCounts = (senders: Tensor): Tensor => sum(convert(greaterEqual(senders, 0), "i32"), { axes: 1 });

/** What stands one behind another, `[1, all, ...]`, as rows, `[rows, room, ...]`: `sizes` of it in each, and 0 behind. */
function parted(all: Tensor, sizes: Tensor, room: number): Tensor {
  const rows = sizes.shape[0]!;
  const starts = reshape(cumsum(sizes, 0, { exclusive: true }), [rows, 1]);
  const places = select(validSteps(sizes, room, 2), add(starts, iota([rows, room], 1)), -1);
  return gather(reshape(all, all.shape.slice(1)), places);
}

/** Where the reverse of each edge stands among the joined ones, or -1. @param edges where each stands in its row, which has `perRow` of them */
function reversed(reverse: Tensor, edges: Tensor, perRow: number): Tensor {
  const further = sub(reverse, rem(edges, perRow));
  return select(less(reverse, 0), -1, add(iota(reverse.shape, 1), further));
}
