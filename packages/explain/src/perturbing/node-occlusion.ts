// Occlusion of graphs: what a prediction loses where a node is taken out, with its edges.
import type { TrainedModel } from "@hooke/core";
import { type Dataset, lengthsOf } from "@hooke/data";
import { checkOptions, checks, describe, fail, type HostArray, zeros } from "@hooke/runtime";
import { checkNetwork, listenerCheck, runChecks } from "../model/checks.ts";
import type { ExplainOptions, ExplainProgress } from "../model/options.ts";
import { createPredictor } from "../model/predictor.ts";
import { type Rows, rowsOf, takeOf } from "../model/rows.ts";

/** Options of {@link nodeOcclusion}. */
export interface NodeOcclusionOptions extends ExplainOptions {
  readonly onProgress?: (progress: ExplainProgress) => void;
}

/** What {@link nodeOcclusion} finds. */
export interface NodeOcclusion {
  /** `[rows, nodes]`, f64: by how much the prediction falls without the node, in its unit; 0 behind the last node of a graph. */
  readonly values: HostArray;
  readonly predictions: Float64Array;
}

/** Graphs with a node less that are in memory at a time. */
const together = 256;

/**
 * Occlusion of graphs: each node in turn is taken out with all its edges, and is worth what the prediction loses. Atoms with numbers and positions have no slopes,
 * but they have this. A prediction that is a mean over nodes changes with their number, too.
 *
 * @param data graphs as `graphDataset` of `@hooke/layers-graph` makes them, in the units of the data
 * @param options `backend` is needed. Defaults: the only output, batches of 64
 * @throws on rows without the extras `lengths`, `senders` and `receivers`, on a graph of a single node, on predictions that are not finite; the signal's reason if it is
 *   aborted
 * @example
 * ```ts
 * import { initialize, inputShapeOf } from "@hooke/core";
 * import { nodeOcclusion } from "@hooke/explain";
 * import { graphDataset, graphUnion, readout } from "@hooke/layers-graph";
 * import { referenceBackend } from "@hooke/runtime";
 *
 * const backend = referenceBackend();
 * const graphs = graphDataset({ graphs: [{ nodes: [[3], [5]], senders: [0, 1], receivers: [1, 0] }] });
 * const inputShape = inputShapeOf(graphs.inputs, graphs.extras);
 * const layer = graphUnion(readout({ kind: "sum" }));
 * const model = { layer, inputShape, variables: await initialize(backend, layer, inputShape, 0) };
 * const { values } = await nodeOcclusion(model, graphs, { backend });
 * console.log(Array.from(values.data)); // [ 3, 5 ]
 * ```
 */
export async function nodeOcclusion(
  model: TrainedModel,
  data: Dataset,
  options: NodeOcclusionOptions,
): Promise<NodeOcclusion> {
  const who = "nodeOcclusion";
  checkNetwork(who, model);
  checkOptions<NodeOcclusionOptions>(who, options, {
    required: { backend: checks.backend },
    optional: { ...runChecks, onProgress: listenerCheck },
  });
  const rows = rowsOf(who, model, data, options.extras);
  const sizes = lengthsOf(rows.extras)?.data;
  const { senders, receivers } = rows.extras;
  if (sizes === undefined || senders === undefined || receivers === undefined) {
    const cure = "give a dataset of graphs, as graphDataset makes it; of other rows occlusion covers places";
    fail(who, `received ${describe(rows.inputs)} without lengths, senders and receivers; ${cure}.`, "mismatch");
  }
  const alone = sizes.findIndex((size) => Number(size) < 2);
  if (alone >= 0) {
    fail(who, `graph ${alone} has a single node, and nothing is left without it; leave the graph out.`, "invalid-data");
  }
  const predictor = createPredictor(who, model, options);
  try {
    const predictions = await predictor.ask(rows);
    const nodes = rows.inputs.shape[1]!;
    const values = zeros([predictions.length, nodes], "f64");
    for (const row of predictions.keys()) {
      options.onProgress?.({ fraction: row / predictions.length, text: `graph ${row + 1} of ${predictions.length}` });
      const size = Number(sizes[row]!);
      for (let from = 0; from < size; from += together) {
        const taken = Array.from({ length: Math.min(together, size - from) }, (_, i) => from + i);
        const found = await predictor.ask(without(takeOf(rows, [row]), taken, size));
        for (const [i, node] of taken.entries()) values.data[row * nodes + node] = predictions[row]! - found[i]!;
      }
    }
    return { values, predictions };
  } finally {
    predictor.free();
  }
}

/** Copies of a graph, each without another node: the last one takes its place. */
function without(row: Rows, taken: readonly number[], size: number): Rows {
  const { inputs, extras } = takeOf(row, new Int32Array(taken.length));
  const nodes = inputs.shape[1]!;
  const { senders, receivers } = extras as Readonly<Record<string, HostArray>>;
  const ofNodes = [inputs, ...Object.values(extras).filter(({ shape }) => shape.length === 3 && shape[1] === nodes)];
  const perRow = senders!.shape[1]!;
  for (const [copy, node] of taken.entries()) {
    for (const { data, shape } of ofNodes) {
      const width = shape[2] ?? 1;
      const at = (place: number): number => (copy * nodes + place) * width;
      data.copyWithin(at(node), at(size - 1), at(size));
    }
    extras.lengths!.data[copy] = size - 1;
    for (let edge = copy * perRow; edge < (copy + 1) * perRow; edge++) {
      const ends = [senders!, receivers!].map(({ data }) => Number(data[edge]!));
      const isGone = ends.some((end) => end === node || end < 0);
      for (const [i, { data }] of [senders!, receivers!].entries()) {
        data[edge] = isGone ? -1 : ends[i] === size - 1 ? node : ends[i]!;
      }
    }
  }
  return { inputs, extras };
}
