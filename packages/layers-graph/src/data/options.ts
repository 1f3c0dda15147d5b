// What a dataset is made of: graphs, and targets of one kind.
import { type Check, checks, type HostArray, isHostArray, type Nested, type OptionTable } from "@hooke/runtime";
import type { Graph } from "./graph.ts";

/** Options of `graphDataset`: the graphs, and one kind of targets at most. */
export interface GraphDatasetOptions {
  readonly graphs: readonly Graph[];
  /** Of each graph: `[graphs, columns]`, or labels `i32[graphs]`. Default none: `[graphs, 0]`, for predictions. */
  readonly targets?: HostArray | readonly Nested[];
  /** Of each node: for each graph `[nodes, columns]`. */
  readonly nodeTargets?: readonly (HostArray | readonly Nested[])[];
  /** Of each edge, in the order in which the graph has them: for each graph `[edges, columns]`. */
  readonly edgeTargets?: readonly (HostArray | readonly Nested[])[];
  /** The energy of each graph, with `forces`: targets of `energyForces`. */
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
/** Their checks. */
export const graphDatasetTable: OptionTable<GraphDatasetOptions> = {
  required: { graphs: checks.list },
  optional: {
    targets: (value) => (isHostArray(value) || Array.isArray(value) ? undefined : "an array, [graphs, columns]"),
    nodeTargets: checks.list,
    edgeTargets: checks.list,
    energies: (value) => (typeof (value as ArrayLike<number>).length === "number" ? undefined : "a list of numbers"),
    forces: checks.list,
    targetNames: names,
    classes: names,
    isolated: checks.flag,
    dtype: (value) => checks.oneOf(value, ["f32", "f64"]),
    source: (value) => (typeof value === "string" ? undefined : "a text"),
  },
};
