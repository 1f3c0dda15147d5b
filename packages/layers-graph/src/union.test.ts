// Unions and budgets: they change nothing but how much is computed, and programs are few.
import { wasmBackend } from "@hooke/backend-wasm";
import {
  adam,
  dense,
  evaluate,
  fit,
  type InputShape,
  initialize,
  inputShapeOf,
  type Layer,
  mse,
  predict,
  sequential,
} from "@hooke/core";
import { type Dataset, metrics, take } from "@hooke/data";
import { array, type HostArray, referenceBackend } from "@hooke/runtime";
import { expect, it, vi } from "vitest";
import { budgetsOf } from "./data/budgets.ts";
import { molecules } from "./graphs.fixture.ts";
import {
  atomGraph,
  attentiveFp,
  cgcnn,
  dmpnn,
  edgeReadout,
  type Graph,
  gat,
  gcn,
  gin,
  graphDataset,
  graphUnion,
} from "./index.ts";

const wasm = wasmBackend();
const graphs = molecules(40);
/** A sum over nodes of what they and their neighbours have. */
const sizeOf = ({ nodes, senders }: Graph): number => {
  const rows = nodes as number[][];
  return (
    rows.reduce((sum, [a]) => sum + a!, 0) + Array.from(senders).reduce((sum, node) => sum + rows[node]![1]! / 2, 0)
  );
};
const data = graphDataset({ graphs, targets: graphs.map((graph) => [sizeOf(graph)]) });
const small = { outputs: 2, width: 8, depth: 2 };

async function modelOf(layer: Layer, rows: Dataset = data) {
  const inputShape: InputShape = inputShapeOf(rows.inputs, rows.extras);
  return { layer, inputShape, variables: await initialize(wasm, layer, inputShape, 0) };
}
const differenceOf = (a: HostArray, b: HostArray): number =>
  Math.max(...a.data.map((value, i) => Math.abs(value - b.data[i]!)));

/** Without the extras of batches: rows as they are, padding included. */
const rowsOf = ({ batchExtras: _, ...rows }: Dataset): Dataset => rows;

it.each([
  ["gcn", gcn({ ...small, readout: "sum" })],
  ["gin, attentive", gin({ ...small, readout: "attentive" })],
  ["gat, largest", gat({ ...small, readout: "max" })],
  ["dmpnn", dmpnn(small)],
  ["attentiveFp", attentiveFp(small)],
  ["of nodes", gat({ ...small, readout: "none" })],
  ["of edges", dmpnn({ ...small, readout: "edges" })],
])("%s: the union of a batch gives what its rows give, and each graph alone", async (_, layer) => {
  const model = await modelOf(layer);
  const united = await predict(model, data, { backend: wasm, batchSize: 16 });
  expect(differenceOf(await predict(model, rowsOf(data), { backend: wasm }), united)).toBeLessThan(1e-6);
  const alone = await predict(model, take(data, [7]), { backend: wasm });
  const width = united.data.length / data.count;
  expect(differenceOf(alone, { ...united, data: united.data.slice(7 * width, 8 * width) } as HostArray)).toBeLessThan(
    1e-6,
  );
});

it("padding adds nothing to sums: the same bits in every budget", async () => {
  const model = await modelOf(gcn({ ...small, readout: "sum" }));
  const reference = referenceBackend();
  const some = take(data, [3, 4, 5]);
  const united = await predict(model, some, { backend: reference });
  const roomy: Dataset = {
    ...some,
    batchExtras: (extras) => {
      const { unionNodes, unionMembers, unionEdges, unionSenders, unionReceivers } = data.batchExtras!(extras);
      const longer = ({ data: places }: HostArray, fill: number): HostArray =>
        array(Int32Array.from({ length: places.length + 17 }, (_, i) => (places as Int32Array)[i] ?? fill));
      const far = 1_000_000;
      return {
        unionNodes: longer(unionNodes!, far),
        unionMembers: longer(unionMembers!, far),
        unionEdges: longer(unionEdges!, far),
        unionSenders: longer(unionSenders!, far),
        unionReceivers: longer(unionReceivers!, far),
      };
    },
  };
  expect((await predict(model, roomy, { backend: reference })).data).toEqual(united.data);
});

it("what a graph gives does not depend on the order of its nodes and edges", async () => {
  const [graph] = molecules(1, 5) as [Graph];
  const count = (graph.nodes as number[][]).length;
  const place = Array.from({ length: count }, (_, i) => (i * 2 + 1) % count);
  const order = new Set(place).size === count ? place : place.map((_, i) => count - 1 - i);
  const nodes: number[][] = [];
  for (const [from, to] of order.entries()) nodes[to] = (graph.nodes as number[][])[from]!;
  const turned: Graph = {
    nodes,
    senders: Array.from(graph.senders, (node) => order[node]!).reverse(),
    receivers: Array.from(graph.receivers, (node) => order[node]!).reverse(),
    edges: [...(graph.edges as number[][])].reverse(),
  };
  const both = graphDataset({ graphs: [graph, turned] });
  for (const layer of [
    gcn(small),
    gin(small),
    gat({ ...small, readout: "attentive" }),
    dmpnn(small),
    attentiveFp(small),
  ]) {
    const { data: found } = await predict(await modelOf(layer, both), both, { backend: wasm });
    expect(Math.abs(found[0]! - found[2]!)).toBeLessThan(1e-6);
    expect(Math.abs(found[1]! - found[3]!)).toBeLessThan(1e-6);
  }
});

it("a training has at most three programs for a size of batch, and learns", async () => {
  const preparing = vi.spyOn(wasm, "prepare");
  const [train, validation] = [Array.from({ length: 34 }, (_, i) => i), [34, 35, 36, 37, 38, 39]].map((rows) =>
    take(data, rows),
  );
  const options = {
    backend: wasm,
    model: gin({ outputs: 1, width: 16, depth: 2, readout: "sum" }),
    loss: mse(),
    optimizer: adam(),
    learningRate: 1e-2,
    epochs: 40,
    batchSize: 8,
    seed: 0,
  } as const;
  const { history } = await fit({
    ...options,
    data: { train: train!, validation: validation! },
    metrics: [metrics.mae],
  });
  // Batches of 8 and of 2, 3 budgets each; initialisation, prediction and the loss of the validation part.
  expect(preparing.mock.calls.length).toBeLessThanOrEqual(2 * 3 + 3);
  expect(history.at(-1)!.loss).toBeLessThan(0.05 * history[0]!.loss);
});

it.each([gcn, gin, gat, dmpnn, cgcnn])("%o takes features, and says what takes atomic numbers", async (layer) => {
  const atoms = atomGraph({ atoms: ["H", "H"], positions: [[0, 0, 0], [0.74, 0, 0]] }, { cutoff: 2 }); // biome-ignore format: places
  const made = modelOf(layer(small), graphDataset({ graphs: [atoms] }));
  await expect(made).rejects.toThrow("received i32[1, 2, 1], atomic numbers: schnet, egnn and painn take these");
});

it("targets of edges are learned, and what pads them does not count", async () => {
  /** Of each edge: the first feature of its sender less that of its receiver. */
  const edgeTargets = graphs.map(({ nodes, senders, receivers }) =>
    Array.from(senders, (sender, edge) => [
      (nodes as number[][])[sender]![0]! - (nodes as number[][])[receivers[edge]!]![0]!,
    ]),
  );
  const edges = graphDataset({ graphs, edgeTargets });
  const { history, model } = await fit({
    backend: wasm,
    model: graphUnion(sequential([edgeReadout(), dense({ units: 1 })])),
    data: { train: edges, validation: edges },
    metrics: [metrics.mae],
    loss: mse(),
    optimizer: adam(),
    learningRate: 3e-2,
    epochs: 60,
    batchSize: 10,
    seed: 0,
  });
  const { loss, validation } = history.at(-1)!;
  expect(loss).toBeLessThan(1e-3);
  expect(validation!.metrics.mae).toBeLessThan(0.03);
  // Beyond its edges a row has whatever it was padded with: the same error, although that is changed.
  const spoiled = { ...edges, targets: { ...edges.targets, data: edges.targets.data.slice() } as HostArray };
  const [, room] = edges.targets.shape;
  for (const [row, count] of (edges.extras.targetLengths!.data as Int32Array).entries())
    for (let edge = count; edge < room!; edge++) spoiled.targets.data[row * room! + edge] = 100;
  const judge = (rows: Dataset) => evaluate(model, rows, { backend: wasm, loss: mse(), metrics: [metrics.mae] });
  expect(await judge(spoiled)).toEqual(await judge(edges));
});

it("budgets hold what random batches seldom exceed, and what all largest graphs need", () => {
  const sizes = { nodes: [2, 4, 6, 8], edges: [0, 6, 10, 14] };
  expect(budgetsOf(sizes, 64)).toEqual([
    { nodes: 360, edges: 568 },
    { nodes: 432, edges: 736 },
    { nodes: 512, edges: 896 },
  ]);
  expect(budgetsOf({ nodes: [3, 3], edges: [0, 0] }, 1)).toEqual([
    { nodes: 3, edges: 1 },
    { nodes: 3, edges: 1 },
    { nodes: 3, edges: 1 },
  ]);
});
