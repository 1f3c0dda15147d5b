// Which networks are candidates for graphs.
import type { Method, Samples } from "@hooke/baselines";
import { checkArgument } from "@hooke/runtime";
import type { TrainingOptions } from "../network/members.ts";
import type { Structure } from "../rules/rules.ts";
import { graphNetwork } from "./graph-network.ts";
import { graphColumn, graphsOf } from "./graph-text.ts";

/**
 * Networks of graphs by the names that `rules` have for them: `advise(data, { methods: graphNetworks, ... })`. Of nodes with features directed message passing, of atoms with
 * positions CGCNN, SchNet and PaiNN; of other structures none.
 *
 * @param samples what they would learn from: a column of graphs
 * @param training of all of them, such as `{ uncertainty: "ensemble" }`
 */
export function graphNetworks(
  structure: Structure,
  samples: Samples,
  training: TrainingOptions = {},
): Readonly<Record<string, Method>> {
  if (structure !== "graphs") return {};
  checkArgument("graphNetworks", "the samples", samples, (value) =>
    typeof value === "object" && value !== null ? undefined : "samples with a column of graphs",
  );
  const column = graphColumn("graphNetworks", samples);
  const [first] = graphsOf("graphNetworks", { ...column, values: column.values.slice(0, 1) });
  if (first?.positions === undefined) return { "message passing": graphNetwork({ ...training, kind: "messages" }) };
  if (first.atoms === undefined) return { CGCNN: graphNetwork({ ...training, kind: "crystal" }) };
  // Atoms have many neighbours: what is small takes seconds a fold, and learned as well from some hundred crystals.
  const small = { width: 32, depth: 2, learningRate: 0.005, ...training };
  return {
    CGCNN: graphNetwork({ ...small, kind: "crystal" }),
    SchNet: graphNetwork({ ...small, kind: "schnet" }),
    PaiNN: graphNetwork({ ...small, kind: "painn" }),
  };
}
