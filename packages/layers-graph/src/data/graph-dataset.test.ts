// What a dataset holds of its graphs, and what it refuses of them, each named.
import { expect, it } from "vitest";
import { type Graph, type GraphDatasetOptions, graphDataset } from "../index.ts";

const pair: Graph = { nodes: [[1], [2]], senders: [0, 1], receivers: [1, 0], edges: [[7], [8]] };
const path: Graph = {
  nodes: [[3], [4], [5]],
  senders: [2, 0, 1, 1],
  receivers: [1, 1, 0, 2],
  edges: [[1], [2], [3], [4]],
};

it("rows are padded to the largest graph, edges come in the order of their receivers", () => {
  const { inputs, extras, targets, count } = graphDataset({ graphs: [pair, path], targets: [[1], [2]] });
  expect([count, inputs.shape, targets.shape]).toEqual([2, [2, 3, 1], [2, 1]]);
  expect([...inputs.data]).toEqual([1, 2, 2, 3, 4, 5]);
  expect([...extras.lengths!.data]).toEqual([2, 3]);
  expect([...extras.senders!.data]).toEqual([1, 0, -1, -1, 1, 2, 0, 1]);
  expect([...extras.receivers!.data]).toEqual([0, 1, -1, -1, 0, 1, 1, 2]);
  expect([...extras.edges!.data]).toEqual([8, 7, 0, 0, 3, 1, 2, 4]);
  expect([...extras.reverse!.data]).toEqual([1, 0, -1, -1, 2, 3, 0, 1]);
});

it("targets may be those of nodes, or energies with forces", () => {
  const nodes = graphDataset({
    graphs: [pair, path],
    nodeTargets: [
      [[1], [2]],
      [[3], [4], [5]],
    ],
  });
  expect([nodes.targets.shape, [...nodes.targets.data]]).toEqual([
    [2, 3, 1],
    [1, 2, 2, 3, 4, 5],
  ]);
  const { targets, targetNames } = graphDataset({
    graphs: [pair],
    energies: [3],
    forces: [
      [
        [1, 2, 3],
        [-1, -2, -3],
      ],
    ],
  });
  expect([...targets.data]).toEqual([1.5, 1, 2, 3, 1.5, -1, -2, -3]);
  expect(targetNames).toEqual(["energyPerNode", "forceX", "forceY", "forceZ"]);
  const edges = graphDataset({
    graphs: [pair, path],
    edgeTargets: [
      [[1], [2]],
      [[3], [4], [5], [6]],
    ],
  });
  // In the order of receivers, as the edges.
  expect([...edges.targets.data]).toEqual([2, 1, 1, 1, 5, 3, 4, 6]);
  expect([...edges.extras.targetLengths!.data]).toEqual([2, 4]);
  expect(graphDataset({ graphs: [pair] }).targets.shape).toEqual([1, 0]);
});

it("a graph with an edge that does not lead back has no reverse", () => {
  expect(graphDataset({ graphs: [pair, { ...path, receivers: [1, 1, 0, 0] }] }).extras.reverse).toBeUndefined();
});

it("names the graph that is wrong, and what is", () => {
  const of =
    (change: Partial<Graph>, more: Partial<GraphDatasetOptions> = {}) =>
    () =>
      graphDataset({ graphs: [path, { ...pair, ...change }], ...more });
  expect(of({ senders: [], receivers: [], edges: [] })).toThrow(
    "graphDataset: graph 1 has no edges: its nodes would not hear",
  );
  expect(of({ senders: [], receivers: [], edges: [] }, { isolated: true })).not.toThrow();
  expect(of({ senders: [0, 2] })).toThrow(
    "graph 1 has 2 among its senders (edge 1), and nodes from 0 to 1; count them from 0.",
  );
  expect(of({ receivers: [0, 0] })).toThrow("graph 1 has an edge from node 0 to itself (edge 0); leave it out");
  expect(of({ receivers: [1] })).toThrow("graph 1 has 2 senders and 1 receivers; an edge has one of each.");
  expect(of({ name: "water", nodes: [[1], [Number.NaN]] })).toThrow(
    'graph "water" has NaN among its nodes (row 1, column 0).',
  );
  expect(
    of({
      positions: [
        [0, 0, 0],
        [0, Number.NaN, 1],
      ],
    }),
  ).toThrow("graph 1 has NaN among its positions (row 1, column 1).");
  expect(of({ positions: [[0, 0, 0]] })).toThrow("graph 1 has positions f32[1, 3]; expected [2, 3].");
  expect(
    of({
      positions: [
        [0, 0, 0],
        [1, 1, 1],
      ],
    }),
  ).toThrow("graph 1 has positions f32[..., 3], graph 0 none; graphs of a dataset have the same.");
  expect(
    of({
      nodes: [
        [1, 1],
        [2, 2],
      ],
    }),
  ).toThrow("graph 1 has nodes f32[..., 2], graph 0 f32[..., 1]");
  expect(of({ nodes: [["Fe"], ["O"]] as never })).toThrow(
    'graphDataset: graph 1: received "Fe" at nodes[0][0]; it takes numbers or booleans.',
  );
  expect(of({ edges: [[1], ["double"]] as never })).toThrow('graph 1: received "double" at edges[1][0]');
  expect(of({ nodes: [] })).toThrow("graph 1 has nodes f32[0]; expected a row for each, such as [[1], [2]].");
  expect(of({}, { nodeTargets: [[[1]], [[1], [2]]] })).toThrow("graph 0 has nodeTargets f32[1, 1]; expected [3, 1].");
  expect(of({}, { targets: [[1]] })).toThrow("the first axis of both counts the samples");
  expect(of({}, { energies: [1, 2] })).toThrow("received energies and no forces; without forces an energy is a target");
  expect(of({}, { energies: [1], forces: [] })).toThrow(
    "graphDataset: expected 2 energies and the forces of 2 graphs.",
  );
  expect(of({}, { targets: [[1], [2]], energies: [1, 2] })).toThrow("received targets of several kinds");
  expect(() => graphDataset({ graphs: [] })).toThrow("graphDataset: received no graphs; a dataset needs at least one.");
  expect(() => graphDataset({ graphs: [null as never] })).toThrow(
    "graph 0 is null; expected { nodes, senders, receivers }.",
  );
});
