// What the models of this package have in common.
import { dense, type Layer, sequential } from "@hooke/core";
import { checks, type OptionTable } from "@hooke/runtime";
import { edgeReadout } from "../layers/edge-readout.ts";
import { type ReadoutConfig, readout } from "../layers/readout.ts";
import { graphUnion } from "../union.ts";

/** Options of every model. */
export interface GraphModelConfig {
  /** How many numbers (regression) or class scores (classification) there are for a graph, or for a node. */
  readonly outputs: number;
  /** Features of each node between the layers. Default 64. */
  readonly width?: number;
  /** How many layers pass messages. Default 3. */
  readonly depth?: number;
  /** How the vectors of a graph's nodes become one, or `"none"` to predict for each node, `"edges"` for each edge. */
  readonly readout?: NonNullable<ReadoutConfig["kind"]> | "none" | "edges";
}

/** Checks of {@link GraphModelConfig}. */
export const modelOptions = {
  required: { outputs: checks.count },
  optional: {
    width: checks.count,
    depth: checks.countUpTo(100),
    readout: (value: unknown) => checks.oneOf(value, ["sum", "mean", "max", "attentive", "none", "edges"]),
  },
} satisfies OptionTable<GraphModelConfig>;

/** Layers on nodes, the readout, and a network of one hidden layer. */
export function overNodes(
  nodes: readonly Layer[],
  { outputs, width = 64, readout: kind = "mean" }: GraphModelConfig,
): Layer {
  const head = [dense({ units: width, activation: "relu" }), dense({ units: outputs })];
  return graphUnion(sequential([...nodes, ...readoutOf(kind), ...head]));
}

/** Layers on atoms, a network of one hidden layer for each, and the readout of what it gives: by default a sum, as of energies. */
export function overAtoms(
  nodes: readonly Layer[],
  { outputs, width = 64, readout: kind = "sum" }: GraphModelConfig,
): Layer {
  const head = [dense({ units: width, activation: "silu" }), dense({ units: outputs })];
  // Edges are made of atoms before the network looks at them.
  const last = kind === "edges" ? [...readoutOf(kind), ...head] : [...head, ...readoutOf(kind)];
  return graphUnion(sequential([...nodes, ...last]));
}

function readoutOf(kind: NonNullable<GraphModelConfig["readout"]>): Layer[] {
  if (kind === "none") return [];
  return [kind === "edges" ? edgeReadout() : readout({ kind })];
}

/** `depth` of them. */
export const times = (depth: number | undefined, block: () => Layer): Layer[] =>
  Array.from({ length: depth ?? 3 }, block);
