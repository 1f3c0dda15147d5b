// Graphs of unequal sizes as a dataset: a row for each, padded to the largest, and for each batch their union.
import { type Dataset, dataset } from "@hooke/data";
import { array, checkOptions, fail, type HostArray, zeros } from "@hooke/runtime";
import { type CheckedGraph, checkGraph } from "./graph.ts";
import { type GraphDatasetOptions, graphDatasetTable } from "./options.ts";
import { padded } from "./padded.ts";
import { reverseEdges } from "./reverse-edges.ts";
import { type SortedGraph, targetsOf } from "./targets.ts";
import { unionExtras } from "./union-extras.ts";

/**
 * A dataset with a row for each graph, which `fit`, `evaluate`, `predict`, `split` and `take` treat as any other. Inputs are the features of the nodes,
 * `[graphs, nodes, features]`, with the extras `lengths`, `senders`, `receivers` and what else the graphs have: `edges`, `positions`, `shifts`, and
 * `reverse`, where nodes have no positions and every edge has one that leads back. Rows are padded to the largest graph; models behind {@link graphUnion}, as all of this package are, compute
 * on the union of a batch instead, filled up to one of three budgets, so that a training has at most three programs for a size of batch.
 *
 * @throws with the graph's name or number: as a graph is wrong (see {@link Graph}), and where graphs or targets do not fit each other
 * @example
 * ```ts
 * import { graphDataset } from "@hooke/layers-graph";
 *
 * const pair = { nodes: [[1], [2]], senders: [0, 1], receivers: [1, 0] };
 * const path = { nodes: [[1], [2], [3]], senders: [0, 1, 1, 2], receivers: [1, 0, 2, 1] };
 * const { inputs, extras } = graphDataset({ graphs: [pair, path], targets: [[3], [6]] });
 * console.log(inputs.shape, extras.lengths!.data); // [ 2, 3, 1 ] Int32Array(2) [ 2, 3 ]
 * ```
 */
export function graphDataset(options: GraphDatasetOptions): Dataset {
  checkOptions<GraphDatasetOptions>("graphDataset", options, graphDatasetTable);
  const { graphs: given, isolated = false, source = "graphDataset", targetNames, classes } = options;
  if (given.length === 0) fail(source, "received no graphs; a dataset needs at least one.", "invalid-data");
  const labels = given.map((graph, row) => (graph?.name === undefined ? `graph ${row}` : `graph "${graph.name}"`));
  const graphs = given.map((graph, row) => sortedByReceiver(checkGraph(source, graph, labels[row]!, isolated)));
  checkAlike(source, graphs, labels);
  const dtype = options.dtype ?? (graphs[0]!.nodes.dtype === "f64" ? "f64" : "f32");
  const sizes = {
    nodes: graphs.map(({ nodes }) => nodes.shape[0]!),
    edges: graphs.map(({ senders }) => senders.length),
  };
  const [nodes, most] = [sizes.nodes, sizes.edges].map((list) => list.reduce((most, size) => Math.max(most, size), 1));
  // What belongs to nodes and what to edges is told apart by its size.
  const edges = most === nodes ? most! + 1 : most!;
  const part = (of: (graph: CheckedGraph) => HostArray | undefined, room: number): HostArray | undefined =>
    of(graphs[0]!) &&
    padded(
      graphs.map((graph) => of(graph)!),
      room,
      dtype,
    );
  const list = (of: (graph: CheckedGraph, row: number) => readonly number[]): HostArray => {
    const all = new Int32Array(graphs.length * edges).fill(-1);
    for (const [row, graph] of graphs.entries()) all.set(of(graph, row), row * edges);
    return array(all, { shape: [graphs.length, edges] });
  };
  const inSpace = graphs[0]!.positions !== undefined;
  const reverse = graphs.map(reverseEdges);
  const optional = {
    edges: part((graph) => graph.edges, edges),
    positions: part((graph) => graph.positions, nodes!),
    shifts: part((graph) => graph.shifts, edges),
    // Of neighbours in space an edge at the cutoff itself may have none that leads back, by rounding.
    ...(options.edgeTargets && { targetLengths: array(Int32Array.from(sizes.edges)) }),
    reverse: inSpace || reverse.includes(undefined) ? undefined : list((_, row) => reverse[row]!),
  };
  const rows = dataset({
    inputs: part((graph) => graph.nodes, nodes!)!,
    targets: targetsOf(source, options, { graphs, labels, nodes: nodes!, edges }),
    extras: {
      lengths: array(Int32Array.from(sizes.nodes)),
      senders: list((graph) => graph.senders),
      receivers: list((graph) => graph.receivers),
      ...Object.fromEntries(Object.entries(optional).filter(([, values]) => values !== undefined)),
    } as Readonly<Record<string, HostArray>>,
    ...(options.energies && { targetNames: ["energyPerNode", "forceX", "forceY", "forceZ"] }),
    ...(targetNames && { targetNames }),
    ...(classes && { classes }),
    dtype,
    source,
  });
  return { ...rows, batchExtras: unionExtras(sizes, nodes!) };
}

/** The graph with its edges in the order of their receivers. */
function sortedByReceiver(graph: CheckedGraph): SortedGraph {
  const order = graph.receivers
    .map((_, edge) => edge)
    .sort((a, b) => graph.receivers[a]! - graph.receivers[b]! || a - b);
  const rowsOf = ({ shape, dtype, data }: HostArray): HostArray => {
    const width = shape[1]!;
    const moved = zeros(shape, dtype);
    for (const [to, from] of order.entries())
      moved.data.set(data.subarray(from * width, (from + 1) * width), to * width);
    return moved;
  };
  return {
    ...graph,
    order,
    senders: order.map((edge) => graph.senders[edge]!),
    receivers: order.map((edge) => graph.receivers[edge]!),
    ...(graph.edges && { edges: rowsOf(graph.edges) }),
    ...(graph.shifts && { shifts: rowsOf(graph.shifts) }),
  };
}

/** @throws if graphs differ in what their nodes and edges have */
function checkAlike(source: string, graphs: readonly CheckedGraph[], labels: readonly string[]): void {
  const [first] = graphs as [CheckedGraph];
  for (const part of ["nodes", "edges", "positions", "shifts"] as const) {
    const kindOf = ({ [part]: values, senders }: CheckedGraph): string | undefined => {
      if (values === undefined) return "none";
      // Of no edges nothing tells how many features they would have.
      return senders.length === 0 && part !== "nodes" ? undefined : `${values.dtype}[..., ${values.shape[1]}]`;
    };
    const expected = graphs.map(kindOf).find((kind) => kind !== undefined) ?? "none";
    const odd = graphs.findIndex((graph) => (kindOf(graph) ?? expected) !== expected);
    if (odd < 0) continue;
    fail(
      source,
      `${labels[odd]} has ${part} ${kindOf(graphs[odd]!)}, ${labels[0]} ${kindOf(first)}; graphs of a dataset have the same.`,
      "mismatch",
    );
  }
}
