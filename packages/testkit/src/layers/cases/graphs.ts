// Cases for the layers of @hooke/layers-graph: graphs of at most four nodes with random edges, some of which are none.
import { dense, sequential } from "@hooke/core";
import * as graph from "@hooke/layers-graph";
import type { LayerCase } from "../case.ts";
import type { LayerCases } from "../run.ts";

const lengths = { shape: [], dtype: "i32" } as const;
const ends = { shape: [5], dtype: "i32" } as const;
const ranges = { lengths: [2, 4], senders: [0, 3], receivers: [0, 3], reverse: [-1, 4] } as const;
const structure = { lengths, senders: ends, receivers: ends };
const edges = { edges: { shape: [5, 2] } };
const placed = { positions: { shape: [4, 3] }, shifts: { shape: [5, 3] } };

/** Nodes with so many features, and what else the graphs have. */
const nodes = (features: number, more: object = {}): Pick<LayerCase, "input" | "ranges"> => ({
  input: { shape: [4, features], extras: { ...structure, ...more } },
  ranges,
});

/** Atoms in space. */
const atoms: Pick<LayerCase, "input" | "ranges"> = {
  input: { shape: [4, 1], dtype: "i32", extras: { ...structure, ...placed } },
  ranges: { ...ranges, x: [1, 9] },
};

const small = { outputs: 2, width: 4, depth: 2 } as const;
const near = { ...small, cutoff: 3, basis: 3 } as const;

export const graphsCases: LayerCases<typeof graph.graphs.layers> = {
  atomEmbedding: [
    { layer: graph.atomEmbedding({ units: 2 }), input: { shape: [4, 1], dtype: "i32" }, ranges: { x: [1, 9] } },
  ],
  attentiveBlock: [
    { layer: graph.attentiveBlock({ units: 3, edges: true }), ...nodes(3, edges) },
    { layer: graph.attentiveBlock({ units: 2 }), note: "edges without features", ...nodes(2) },
  ],
  attentiveFp: [{ layer: graph.attentiveFp({ outputs: 2, width: 4, depth: 2 }), ...nodes(3, edges) }],
  attentiveReadout: [
    {
      layer: graph.attentiveReadout({ units: 3 }),
      input: { shape: [4, 3], extras: { lengths } },
      ranges: { lengths: [1, 4] },
    },
  ],
  cgcnn: [{ layer: graph.cgcnn(small), ...nodes(3, edges) }],
  crystalConv: [
    { layer: graph.crystalConv({ units: 3 }), ...nodes(3, edges) },
    { layer: graph.crystalConv({ units: 2 }), note: "edges without features", ...nodes(2) },
  ],
  directedMessages: [
    { layer: graph.directedMessages({ units: 3, activation: "tanh" }), ...nodes(2, { ...edges, reverse: ends }) },
    { layer: graph.directedMessages({ units: 2, steps: 1 }), ...nodes(2, { reverse: ends }) },
  ],
  dmpnn: [{ layer: graph.dmpnn({ ...small, readout: "sum" }), ...nodes(3, { ...edges, reverse: ends }) }],
  edgeReadout: [{ layer: graph.edgeReadout(), ...nodes(2, edges) }],
  egnn: [{ layer: graph.egnn(small), ...atoms }],
  egnnBlock: [{ layer: graph.egnnBlock({ units: 2 }), ...nodes(5, edges) }],
  energyForces: [{ layer: graph.energyForces(graph.painn({ ...near, outputs: 1, depth: 1 })), ...atoms }],
  gat: [{ layer: graph.gat({ ...small, heads: 2, readout: "none" }), ...nodes(3, edges) }],
  gcn: [{ layer: graph.gcn({ ...small, readout: "max" }), ...nodes(3) }],
  gin: [{ layer: graph.gin({ ...small, readout: "attentive" }), ...nodes(3, edges) }],
  graphAttention: [
    { layer: graph.graphAttention({ units: 4, heads: 2 }), ...nodes(3, edges) },
    { layer: graph.graphAttention({ units: 3, negativeSlope: 0.5 }), note: "one head", ...nodes(2) },
  ],
  graphConv: [
    { layer: graph.graphConv({ units: 3, activation: "tanh" }), ...nodes(2) },
    { layer: graph.graphConv({ units: 2, bias: false }), ...nodes(3) },
  ],
  graphUnion: [
    {
      layer: graph.graphUnion(sequential([dense({ units: 3 }), graph.graphConv({ units: 2 }), graph.readout()])),
      ...nodes(2),
    },
  ],
  isomorphismConv: [
    { layer: graph.isomorphismConv({ units: 3, hiddenSize: 2 }), ...nodes(3, edges) },
    { layer: graph.isomorphismConv({ units: 2, activation: "tanh" }), note: "edges without features", ...nodes(3) },
  ],
  painn: [{ layer: graph.painn(near), ...atoms }],
  painnBlock: [{ layer: graph.painnBlock({ units: 2, cutoff: 4, basis: 2 }), ...nodes(8, placed) }],
  readout: (["sum", "mean", "max", "attentive"] as const).map((kind) => ({
    layer: graph.readout({ kind }),
    note: kind,
    input: { shape: [4, 3], extras: { lengths } },
    ranges: { lengths: [1, 4] },
  })),
  schnet: [{ layer: graph.schnet({ ...near, readout: "mean" }), ...atoms }],
  schnetBlock: [{ layer: graph.schnetBlock({ units: 3, cutoff: 4 }), ...nodes(3, placed) }],
};
