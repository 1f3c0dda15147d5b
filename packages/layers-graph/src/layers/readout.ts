// Readouts: one vector for each graph, of the vectors of its nodes, in no order.
import { defineLayer, dense, type LayerContext, sequenceLengths, validSteps } from "@hooke/core";
import {
  checks,
  iota,
  mul,
  reshape,
  segmentMax,
  segmentMean,
  segmentSoftmax,
  segmentSum,
  select,
  type Tensor,
} from "@hooke/runtime";
import { checkNodes } from "../structure.ts";

/** Options of {@link readout}. */
export interface ReadoutConfig {
  /**
   * The sum, the mean or the largest of each feature; or a sum in which nodes count by a softmax of learned scores (Li et al., "Gated graph
   * sequence neural networks", ICLR 2016). Default `"mean"`.
   */
  readonly kind?: "sum" | "mean" | "max" | "attentive";
}

/**
 * One vector for each graph: `[rows, nodes, features]` to `[rows, features]`, whatever the order of the nodes. Sums suit what grows with the
 * size, such as energies, means what does not.
 *
 * Parameters, of `"attentive"` alone: `score.kernel [features, 1]`, `score.bias [1]`.
 */
export const readout = /* @__PURE__ */ defineLayer({
  type: "readout",
  options: { optional: { kind: (value) => checks.oneOf(value, ["sum", "mean", "max", "attentive"]) } },
  children: ({ kind }: ReadoutConfig) => (kind === "attentive" ? { score: dense({ units: 1 }) } : {}),
  apply: ({ config: { kind = "mean" }, children, extras }, x) => {
    checkNodes(x);
    const { members, count } = membersOf(extras, x);
    const [rows, nodes, features] = x.shape as [number, number, number];
    const flat = reshape(x, [rows * nodes, features]);
    if (kind === "sum") return segmentSum(flat, members, count);
    if (kind === "mean") return segmentMean(flat, members, count);
    if (kind === "max") return segmentMax(flat, members, count);
    const scores = (children as { score: (x: Tensor) => Tensor }).score(flat);
    return segmentSum(mul(flat, segmentSoftmax(scores, members, count)), members, count);
  },
});

/** Which graph each node is of, `i32[rows * nodes]`, out of range for what pads; and how many graphs there are. */
export function membersOf(
  { lengths, members, graphs }: LayerContext["extras"],
  x: Tensor,
): { readonly members: Tensor; readonly count: number } {
  const [rows, nodes] = x.shape as [number, number];
  const own = sequenceLengths(lengths, x);
  if (members !== undefined && graphs !== undefined)
    return { members: reshape(members, [rows * nodes]), count: graphs.shape[0]! };
  const row = iota([rows, nodes], 0);
  const valid = own === undefined ? row : select(validSteps(own, nodes, 2), row, -1);
  return { members: reshape(valid, [rows * nodes]), count: rows };
}
