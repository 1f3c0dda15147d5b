// Networks that look at graphs, as a method.
import {
  type Design,
  defineMethod,
  designForm,
  designMatrix,
  fitDesign,
  forms,
  type Inputs,
  type Samples,
  type State,
} from "@hooke/baselines";
import { dense, type Layer, sequential, type Variables } from "@hooke/core";
import type { Dataset } from "@hooke/data";
import {
  atomEmbedding,
  attentiveFp,
  cgcnn,
  crystalConv,
  dmpnn,
  type Graph,
  graphDataset,
  graphUnion,
  painn,
  readout,
  schnet,
} from "@hooke/layers-graph";
import { array, checks, fail, type HostArray } from "@hooke/runtime";
import { type Scales, scaled, scalesForm, scalesOf } from "../network/channels.ts";
import { believedBounds, believedDeviation } from "../network/heads.ts";
import { outputsOf } from "../network/layered.ts";
import {
  membersForm,
  membersIn,
  outputCount,
  predictionOf,
  type Readout,
  readoutForms,
  saidOf,
  type TrainingOptions,
  trainingChecks,
  trainingFault,
  trainMembers,
} from "../network/members.ts";
import { edgeLengths, graphColumn, graphOf, graphsOf, type WrittenGraph } from "./graph-text.ts";

/** What passes messages. */
export const graphNetworkKinds = ["messages", "attentive", "crystal", "schnet", "painn"] as const;

/** Options of {@link graphNetwork}. Default two members, 1,000 updates. */
export interface GraphNetworkOptions extends TrainingOptions {
  /**
   * `"messages"`: directed message passing along bonds. `"attentive"`: AttentiveFP, whose readout asks atoms again. `"crystal"`: CGCNN, for nodes with features or atoms with positions. `"schnet"`, `"painn"`: of atoms
   * with positions.
   */
  readonly kind: (typeof graphNetworkKinds)[number];
  /** Features of each node between the layers. Default 64. */
  readonly width?: number;
  /** How often messages are passed. Default 3. */
  readonly depth?: number;
}

/** How graphs are told to the network, as it was learned. */
type Form = {
  /** Of features of nodes; null of atoms. */
  readonly nodes: Scales | null;
  readonly edges: Scales | null;
  /** Of what belongs to the row; null where that is nothing, or the same in every row. */
  readonly design: Design | null;
  /** The largest distance along an edge; 0 without positions. */
  readonly reach: number;
};

/** What is learned. */
export type GraphNetworkState = {
  readonly members: readonly State[];
  readonly form: Form;
  /** What a node adds to the target, whatever it is: above 0 and below it of targets that grow with the graph, whose readout is a sum. */
  readonly perNode: number;
  readonly readout: Readout;
};

/** Correlation with the number of nodes from which on a target is one that grows with the graph. */
const growing = 0.5;
/** Gaussians of the distance. */
const basis = 16;

/**
 * A network of graphs, trained by AdamW, with a tenth of the rows held out to say which epoch is kept. Graphs are a column of texts that `graphTable` or
 * `moleculeTable` made: `fit(table, target, { inputs: ["graph"], texts: ["graph"], backend })`; other inputs are told to every node. A target of numbers that
 * goes with the number of nodes is learned as a sum over them, another one as a mean.
 *
 * @throws without a column of graphs, and where the kind needs what the graphs have not: positions and atomic numbers, or edges that lead back
 */
export const graphNetwork = /* @__PURE__ */ defineMethod({
  name: "graphNetwork",
  tasks: ["regression", "classification"],
  texts: true,
  options: {
    required: { kind: (value) => checks.oneOf(value, graphNetworkKinds) },
    optional: { ...trainingChecks, width: checks.count, depth: checks.countUpTo(100) },
  },
  check: trainingFault,
  learn: async (samples, options: GraphNetworkOptions, context): Promise<GraphNetworkState> => {
    const { updates = 1000 } = options;
    const graphs = graphsOf(who, graphColumn(who, samples));
    checkKind(options, graphs[0]!);
    const form = formOf(graphs, samples, context.warn);
    const perNode = shareOfNode(graphs, samples);
    const { models, readout: read } = await trainMembers({
      who,
      samples: withoutNodes(samples, graphs, perNode),
      inputs: datasetOf(graphs, samples, form, options),
      model: (outputs) => modelOf(options, form, perNode !== 0, outputs),
      options: { ...options, members: membersIn(options, 2), updates },
      context,
    });
    const variables = models.map((model) => model.variables as unknown as State);
    return { members: variables, form, perNode, readout: read };
  },
  form: () =>
    forms.record({
      members: membersForm(),
      form: forms.record({
        nodes: forms.either(forms.absent, scalesForm()),
        edges: forms.either(forms.absent, scalesForm()),
        design: forms.either(forms.absent, designForm()),
        reach: forms.number,
      }),
      perNode: forms.number,
      readout: forms.record(readoutForms()),
    }),
  predict: (state, inputs, options) => {
    const { outputs, sizes } = outputsIn(state, inputs, options);
    return withNodes(predictionOf(outputs, state.readout), state, sizes);
  },
  bounds: (state, inputs, level, options) => {
    const { outputs, sizes } = outputsIn(state, inputs, options);
    const { lower, upper } = believedBounds(saidOf(outputs, state.readout), level);
    return { lower: withNodes(lower, state, sizes), upper: withNodes(upper, state, sizes) };
  },
  deviation: (state, inputs, options) =>
    believedDeviation(saidOf(outputsIn(state, inputs, options).outputs, state.readout)),
});

/** Of each member, and how many nodes the graphs have. */
function outputsIn(
  { members, form, perNode, readout: read }: GraphNetworkState,
  inputs: Inputs,
  options: GraphNetworkOptions,
): { readonly outputs: readonly Float64Array[]; readonly sizes: readonly number[] } {
  const graphs = graphsOf(who, graphColumn(who, inputs));
  const model = modelOf(options, form, perNode !== 0, outputCount(read));
  const data = datasetOf(graphs, inputs, form, options);
  const outputs = members.map((variables) => outputsOf(model, variables as unknown as Variables<HostArray>, data));
  return { outputs, sizes: graphs.map(sizeOf) };
}

const withNodes = (values: Float64Array, { perNode }: GraphNetworkState, sizes: readonly number[]): Float64Array =>
  perNode === 0 ? values : values.map((value, row) => value + perNode * sizes[row]!);

const who = "graphNetwork";

const sizeOf = ({ atoms, nodes }: WrittenGraph): number => (atoms ?? nodes)!.length;

/** @throws where graphs do not have what a network reads */
function checkKind({ kind }: GraphNetworkOptions, { atoms, positions }: WrittenGraph): void {
  const inSpace = atoms !== undefined && positions !== undefined;
  if ((kind === "schnet" || kind === "painn") && !inSpace) {
    fail(
      who,
      `of kind "${kind}" reads atomic numbers and positions, which the graphs have not; take "messages".`,
      "mismatch",
    );
  }
  if (kind === "crystal" && atoms !== undefined && positions === undefined) {
    fail(
      who,
      'of kind "crystal" reads positions of atoms, which the graphs have not; give nodes features.',
      "mismatch",
    );
  }
  if ((kind === "messages" || kind === "attentive") && atoms !== undefined) {
    fail(who, `of kind "${kind}" reads features of nodes; the graphs have atomic numbers: take "schnet".`, "mismatch");
  }
}

/** Scales of features, and the design of what stands beside the graphs. */
function formOf(graphs: readonly WrittenGraph[], samples: Samples, warn: (sentence: string) => void): Form {
  const isVaried = samples.columns.some(({ values }) => values.some((value) => !Object.is(value, values[0])));
  if (isVaried && graphs[0]!.atoms !== undefined) {
    const cure = "leave them out of the inputs, or give atoms as features of nodes";
    fail(
      who,
      `reads of atomic numbers the graph alone, and received ${samples.columns.length} inputs beside; ${cure}.`,
      "mismatch",
    );
  }
  return {
    nodes: featureScales(graphs.flatMap(({ nodes = [] }) => nodes)),
    edges: featureScales(graphs.flatMap(({ edges = [] }) => edges)),
    design: isVaried ? fitDesign(who, samples, warn) : null,
    reach: reachOf(graphs),
  };
}

/** Flags stay what they are. */
function featureScales(rows: readonly (readonly number[])[]): Scales | null {
  const width = rows[0]?.length ?? 0;
  if (width === 0) return null;
  const { means, scales } = scalesOf(array(rows as number[][], { dtype: "f64" }));
  const isFlag = Array.from({ length: width }, (_, i) => rows.every((row) => row[i] === 0 || row[i] === 1));
  return { means: means.map((mean, i) => (isFlag[i] ? 0 : mean)), scales: scales.map((s, i) => (isFlag[i] ? 1 : s)) };
}

function reachOf(graphs: readonly WrittenGraph[]): number {
  if (graphs[0]!.positions === undefined) return 0;
  const reach = graphs.reduce((most, graph) => edgeLengths(graph).reduce((a, b) => Math.max(a, b), most), 0);
  // The farthest neighbours still count.
  return 1.05 * reach;
}

/** Where a target goes with the number of nodes, what one of them adds; 0 elsewhere. */
function shareOfNode(graphs: readonly WrittenGraph[], { target, weights }: Samples): number {
  if (target.type !== "number") return 0;
  const sizes = graphs.map(sizeOf);
  let [total, sumX, sumY] = [0, 0, 0];
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  for (const [row, size] of sizes.entries()) {
    total += weightOf(row);
    sumX += weightOf(row) * size;
    sumY += weightOf(row) * target.values[row]!;
  }
  let [xx, xy, yy] = [0, 0, 0];
  for (const [row, size] of sizes.entries()) {
    const [x, y] = [size - sumX / total, target.values[row]! - sumY / total];
    xx += weightOf(row) * x * x;
    xy += weightOf(row) * x * y;
    yy += weightOf(row) * y * y;
  }
  return xx > 0 && Math.abs(xy) >= growing * Math.sqrt(xx * yy) ? xy / xx : 0;
}

function withoutNodes(samples: Samples, graphs: readonly WrittenGraph[], perNode: number): Samples {
  const { target } = samples;
  if (perNode === 0 || target.type !== "number") return samples;
  const values = target.values.map((value, row) => value - perNode * sizeOf(graphs[row]!));
  return { ...samples, target: { ...target, values } };
}

/** The graphs as the network reads them. */
function datasetOf(
  graphs: readonly WrittenGraph[],
  beside: Inputs,
  form: Form,
  { kind }: GraphNetworkOptions,
): Dataset {
  const own = form.design === null ? undefined : designMatrix(form.design, beside);
  const width = form.design?.names.length ?? 0;
  const told = graphs.map((graph, row): Graph => {
    const { positions, shifts, ...bonds } = graph;
    const beside = own === undefined ? [] : Array.from(own.subarray(row * width, (row + 1) * width));
    const nodes = form.nodes && graph.nodes && scaledRows(graph.nodes, form.nodes, "nodes");
    const edges = form.edges && graph.edges && scaledRows(graph.edges, form.edges, "edges");
    // What other networks see of positions are the distances along edges.
    const isByDistance = kind === "crystal" && positions !== undefined;
    const distances = isByDistance ? edgeLengths(graph).map((distance) => gaussians(distance, form.reach)) : undefined;
    const features = distances === undefined ? edges : distances.map((values, i) => [...(edges?.[i] ?? []), ...values]);
    // Where an atom is a neighbour of its own image, the shift says so.
    const isInSpace = kind !== "messages" && kind !== "attentive";
    const { edges: _, ...ends } = bonds;
    return graphOf(
      {
        ...ends,
        ...(nodes && { nodes: nodes.map((values) => [...values, ...beside]) }),
        ...(features && { edges: features }),
        ...(isInSpace && positions && { positions, ...(shifts && { shifts }) }),
      },
      row,
    );
  });
  return graphDataset({ graphs: told, isolated: true, source: who });
}

/** @throws where there are other features than were learned from */
function scaledRows(rows: readonly (readonly number[])[], scales: Scales, what: string): number[][] {
  const { length } = scales.means;
  const odd = rows.find((row) => row.length !== length);
  if (odd !== undefined) {
    fail(who, `received ${what} with ${odd.length} features; it learned from ${length}.`, "mismatch");
  }
  if (rows.length === 0) return [];
  const { data } = scaled(array(rows as number[][], { dtype: "f64" }), scales);
  return rows.map((_, i) => Array.from(data.subarray(i * length, (i + 1) * length)));
}

/** Gaussians of a distance, with centres from 0 to the reach and their spacing as width. */
function gaussians(distance: number, reach: number): number[] {
  const spacing = reach / (basis - 1);
  return Array.from({ length: basis }, (_, i) => Math.exp(-0.5 * (distance / spacing - i) ** 2));
}

function modelOf(
  { kind, width = 64, depth = 3 }: GraphNetworkOptions,
  { nodes, reach }: Form,
  isGrowing: boolean,
  outputs: number,
): Layer {
  const config = { outputs, width, depth, readout: isGrowing ? "sum" : "mean" } as const;
  if (kind === "messages") return dmpnn(config);
  if (kind === "attentive") return attentiveFp({ outputs, width, depth });
  if (kind === "schnet") return schnet({ ...config, cutoff: reach });
  if (kind === "painn") return painn({ ...config, cutoff: reach });
  if (nodes !== null) return cgcnn(config);
  return graphUnion(
    sequential([
      atomEmbedding({ units: width }),
      ...Array.from({ length: depth }, () => crystalConv({ units: width })),
      readout({ kind: config.readout }),
      dense({ units: width, activation: "relu" }),
      dense({ units: outputs }),
    ]),
  );
}
