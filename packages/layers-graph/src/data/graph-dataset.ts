// Graphs of unequal sizes as a dataset: a row for each, padded to the largest, and for each batch their union.
import { type Dataset, dataset } from "@hooke/data";
import {
  array,
  type Check,
  checkOptions,
  checks,
  describe,
  fail,
  type HostArray,
  isHostArray,
  type Nested,
  type OptionTable,
  zeros,
} from "@hooke/runtime";
import { type CheckedGraph, checkGraph, type Graph } from "./graph.ts";
import { reverseEdges } from "./reverse-edges.ts";
import { unionExtras } from "./union-extras.ts";

/** Options of {@link graphDataset}: the graphs, and one kind of targets at most. */
export interface GraphDatasetOptions {
  readonly graphs: readonly Graph[];
  /** Of each graph: `[graphs, columns]`, or labels `i32[graphs]`. Default none: `[graphs, 0]`, for predictions. */
  readonly targets?: HostArray | readonly Nested[];
  /** Of each node: for each graph `[nodes, columns]`. */
  readonly nodeTargets?: readonly (HostArray | readonly Nested[])[];
  /** The energy of each graph, with `forces`: targets of {@link energyForces}. */
  readonly energies?: ArrayLike<number>;
  /** The forces on the nodes of each graph, `[nodes, 3]`. */
  readonly forces?: readonly (HostArray | readonly Nested[])[];
  /** Names along the last axis of the targets. Default as of `dataset`. */
  readonly targetNames?: readonly string[];
  /** Names of the classes that labels number. Default none. */
  readonly classes?: readonly string[];
  /** Whether graphs may have no edges. Default false. */
  readonly isolated?: boolean;
  /** What models compute in. Default that of the nodes where they are f64, else `"f32"`. */
  readonly dtype?: "f32" | "f64";
  /** The speaker of error messages. Default `"graphDataset"`. */
  readonly source?: string;
}

const names: Check = (value) =>
  Array.isArray(value) && value.every((name) => typeof name === "string") ? undefined : "a list of names";
const table: OptionTable<GraphDatasetOptions> = {
  required: { graphs: checks.list },
  optional: {
    targets: (value) => (isHostArray(value) || Array.isArray(value) ? undefined : "an array, [graphs, columns]"),
    nodeTargets: checks.list,
    energies: (value) => (typeof (value as ArrayLike<number>).length === "number" ? undefined : "a list of numbers"),
    forces: checks.list,
    targetNames: names,
    classes: names,
    isolated: checks.flag,
    dtype: (value) => checks.oneOf(value, ["f32", "f64"]),
    source: (value) => (typeof value === "string" ? undefined : "a text"),
  },
};

/**
 * A dataset with a row for each graph, which `fit`, `evaluate`, `predict`, `split` and `take` treat as any other. Inputs are the features of the nodes,
 * `[graphs, nodes, features]`, with the extras `lengths`, `senders`, `receivers` and what else the graphs have: `edges`, `positions`, `shifts`, and
 * `reverse`, where every edge has one that leads back. Rows are padded to the largest graph; models behind {@link graphUnion}, as all of this package are, compute
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
  checkOptions<GraphDatasetOptions>("graphDataset", options, table);
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
  const [nodes, edges] = [sizes.nodes, sizes.edges].map((list) => list.reduce((most, size) => Math.max(most, size), 1));
  const part = (of: (graph: CheckedGraph) => HostArray | undefined, room: number): HostArray | undefined =>
    of(graphs[0]!) &&
    padded(
      graphs.map((graph) => of(graph)!),
      room,
      dtype,
    );
  const list = (of: (graph: CheckedGraph, row: number) => readonly number[]): HostArray => {
    const all = new Int32Array(graphs.length * edges!).fill(-1);
    for (const [row, graph] of graphs.entries()) all.set(of(graph, row), row * edges!);
    return array(all, { shape: [graphs.length, edges!] });
  };
  const reverse = graphs.map(reverseEdges);
  const optional = {
    edges: part((graph) => graph.edges, edges!),
    positions: part((graph) => graph.positions, nodes!),
    shifts: part((graph) => graph.shifts, edges!),
    reverse: reverse.every((places) => places !== undefined) ? list((_, row) => reverse[row]!) : undefined,
  };
  const rows = dataset({
    inputs: part((graph) => graph.nodes, nodes!)!,
    targets: targetsOf(source, options, sizes.nodes, nodes!, labels),
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
function sortedByReceiver(graph: CheckedGraph): CheckedGraph {
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

/** `[size, width]` each as `[rows, room, width]`, 0 behind the end. */
function padded(rows: readonly HostArray[], room: number, dtype: "f32" | "f64"): HostArray {
  const width = rows.reduce((most, { shape }) => Math.max(most, shape[1]!), 0);
  const kind = rows[0]!.dtype === "f32" || rows[0]!.dtype === "f64" ? dtype : rows[0]!.dtype;
  const all = zeros([rows.length, room, width], kind);
  for (const [row, { data }] of rows.entries()) all.data.set(data, row * room * width);
  return all;
}

function targetsOf(
  source: string,
  { graphs, targets, nodeTargets, energies, forces, dtype = "f32" }: GraphDatasetOptions,
  sizes: readonly number[],
  room: number,
  labels: readonly string[],
): HostArray {
  const count = graphs.length;
  if ([targets, nodeTargets, energies ?? forces].filter((kind) => kind !== undefined).length > 1)
    fail(source, "received targets of several kinds; give targets, nodeTargets, or energies and forces.");
  if (targets !== undefined) return isHostArray(targets) ? targets : array(targets as Nested);
  const perNode = (what: string, lists: readonly (HostArray | readonly Nested[])[], width?: number): HostArray[] => {
    if (lists.length !== count)
      fail(source, `received ${what} of ${lists.length} graphs, and ${count} graphs.`, "mismatch");
    return lists.map((list, row) => {
      const values = isHostArray(list) ? list : array(list as Nested);
      const columns = width ?? (isHostArray(lists[0]!) ? lists[0]! : array(lists[0] as Nested)).shape[1];
      if (values.shape.length === 2 && values.shape[0] === sizes[row] && values.shape[1] === columns) return values;
      const expected = `[${sizes[row]}, ${columns ?? "columns"}]`;
      return fail(
        source,
        `${labels[row]} has ${what} ${describe(values)}; expected ${expected}, a row for each node.`,
        "mismatch",
      );
    });
  };
  if (nodeTargets !== undefined) return padded(perNode("nodeTargets", nodeTargets), room, dtype);
  if (energies === undefined && forces === undefined) return zeros([count, 0], dtype);
  if (energies === undefined || forces === undefined || energies.length !== count)
    fail(source, `expected ${count} energies and the forces of ${count} graphs.`, "mismatch");
  const both = perNode("forces", forces, 3).map(({ data }, row): HostArray => {
    const size = sizes[row]!;
    const values = zeros([size, 4], "f64");
    for (let node = 0; node < size; node++) {
      values.data[4 * node] = energies[row]! / size;
      for (let axis = 0; axis < 3; axis++) values.data[4 * node + 1 + axis] = data[3 * node + axis]!;
    }
    return values;
  });
  return padded(both, room, dtype);
}
