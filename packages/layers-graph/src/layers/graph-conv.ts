// Graph convolution: a dense layer of the mean over neighbours, weighted by degrees.
import {
  type Activation,
  activate,
  activationCheck,
  defineLayer,
  type Initializer,
  initializerCheck,
} from "@hooke/core";
import { add, checks, full, matmul, mul, rsqrt } from "@hooke/runtime";
import { checkNodes, structureOf } from "../structure.ts";

/** Options of {@link graphConv}. */
export interface GraphConvConfig {
  /** Features of each node in the result. */
  readonly units: number;
  /** Applied to the result. Default: none. */
  readonly activation?: Activation;
  /** Whether a bias is added. Default true. */
  readonly bias?: boolean;
  /** Default `"glorotUniform"`. */
  readonly kernelInitializer?: Initializer;
}

/**
 * `activation(D^(-1/2) (A + 1) D^(-1/2) x kernel + bias)`: `[rows, nodes, features]` to `[rows, nodes, units]`, where `A` counts the edges from node to
 * node and `D` those that a node receives, and itself. Kipf and Welling, "Semi-supervised classification with graph convolutional networks",
 * ICLR 2017. Features of edges are not read.
 *
 * Parameters: `kernel [features, units]`, `bias [units]`.
 */
export const graphConv = /* @__PURE__ */ defineLayer({
  type: "graphConv",
  options: {
    required: { units: checks.count },
    optional: { activation: activationCheck, bias: checks.flag, kernelInitializer: initializerCheck },
  },
  params: ({ units, bias = true, kernelInitializer = "glorotUniform" }: GraphConvConfig, inputShape) => ({
    kernel: { shape: [inputShape.at(-1) ?? 0, units], initializer: kernelInitializer },
    bias: bias ? { shape: [units], initializer: "zeros" } : undefined,
  }),
  apply: ({ config: { activation }, params: { kernel, bias }, extras }, x) => {
    checkNodes(x);
    const graph = structureOf(extras, x);
    const degrees = graph.sumAtReceivers(full([graph.senders.shape[0]!, 1], 1, x.dtype));
    const scale = rsqrt(add(degrees, 1));
    const scaled = mul(matmul(x, kernel), scale);
    const sum = mul(add(graph.sumAtReceivers(graph.at("senders", scaled)), scaled), scale);
    const output = bias === undefined ? sum : add(sum, bias);
    return activation === undefined ? output : activate(activation, output);
  },
});
