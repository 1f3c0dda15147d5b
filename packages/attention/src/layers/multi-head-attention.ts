// Multi-head attention: several attentions side by side on parts of the features, joined by a linear map.
import { checkSequence, defineLayer, dense, sequenceLengths } from "@hooke/core";
import {
  checks,
  type DType,
  describe,
  fail,
  HookeError,
  isFloat,
  reshape,
  type Shape,
  type Tensor,
  transpose,
} from "@hooke/runtime";
import { paddingMask } from "../mask.ts";
import { type RotaryOptions, rotary, rotaryCheck } from "../positions/rotary.ts";
import { scaledDotProduct } from "../scaled-dot-product.ts";
import { attentionWeights } from "../weights.ts";

/** Options of {@link multiHeadAttention}. */
export interface MultiHeadAttentionConfig {
  /** Width of the output, and of queries, keys and values together; a multiple of `heads`. */
  readonly units: number;
  /** How many attentions there are side by side. */
  readonly heads: number;
  /** What is attended to: the input itself, or the extra `memory`. Default `"self"`. */
  readonly source?: "self" | "memory";
  /** Whether position i sees only positions 0 to i, also of a memory: then both are to share one clock. Default false. */
  readonly causal?: boolean;
  /**
   * Whether queries and keys are turned by their positions ({@link rotary}), which count from 0 in a memory as in the input.
   * Default false; `true` stands for rotary's defaults.
   */
  readonly rotary?: boolean | RotaryOptions;
  /** Probability that a weight becomes 0 in training. Default 0. */
  readonly dropout?: number;
  /** Whether the four maps have biases. Default true. */
  readonly bias?: boolean;
  /** Queries per block; see {@link ScaledDotProductOptions}. Default: chosen by the lengths. */
  readonly blockSize?: number;
}

/**
 * Multi-head attention: `[batch, positions, features]` to `[batch, positions, units]`. By default self-attention that is not
 * causal, without rotary positions and dropout, with biases. Vaswani et al., "Attention is all you need", NeurIPS 2017, section
 * 3.2.2; `torch.nn.MultiheadAttention`.
 *
 * The extra `lengths i32[batch]`, if given, hides the positions from there on; what stands there has to be finite all the same,
 * since a weight of 0 times NaN is NaN. With `source: "memory"` keys and values come
 * from the extra `memory [batch, memoryPositions, memoryFeatures]`, and `memoryLengths` hides instead.
 *
 * The extra `attentionMask`, `bool[batch, heads, positions, positions]`, is true where a query may attend to a key; what is hidden has to
 * be finite, too. The extra `attentionBias` of the same shape is added to the scaled products. Axes of both may be 1 where all share.
 * For a memory they are `memoryMask` and `memoryBias`. A query that may attend to nothing gives the output's bias.
 *
 * Reports `weights [batch, heads, positions, positions or memoryPositions]`, without dropout; see
 * {@link attentionWeightsOf}.
 *
 * Parameters: `query`, `key`, `value` and `output`, each with `kernel` and `bias`; kernels start from `glorotUniform`
 * (PyTorch: from one such draw over the three stacked, thus smaller by `sqrt(2)`; its output kernel differs too), biases from 0.
 *
 * @throws if the heads do not divide the units; on anything but sequences of floats; if a memory is needed and missing, or has
 *   another batch; on lengths that are not one for each row, and on masks and biases of another shape or dtype
 */
export const multiHeadAttention = /* @__PURE__ */ defineLayer({
  type: "multiHeadAttention",
  options: {
    required: { units: checks.count, heads: checks.count },
    optional: {
      source: (value) => checks.oneOf(value, ["self", "memory"]),
      causal: checks.flag,
      rotary: rotaryCheck,
      dropout: checks.fraction,
      bias: checks.flag,
      blockSize: checks.count,
    },
  },
  children: ({ units, heads, bias = true, rotary = false }: MultiHeadAttentionConfig) => {
    if (units % heads !== 0)
      fail("multiHeadAttention", `received ${units} units and ${heads} heads; give a multiple of the heads.`);
    if (rotary !== false && (units / heads) % 2 !== 0) {
      fail("multiHeadAttention", `received ${units / heads} units per head; rotary positions need an even number.`);
    }
    const map = dense({ units, bias, kernelInitializer: "glorotUniform", biasInitializer: "zeros" });
    return { query: map, key: map, value: map, output: map };
  },
  apply: ({ config, children, extras, training, rowRng, report }, x) => {
    checkSequence(x, "[batch, positions, features]");
    const { heads, causal = false, dropout: rate = 0, blockSize, source = "self" } = config;
    const memory = source === "memory" ? memoryOf(extras.memory, x) : x;
    const names = namesBySource[source];
    const lengths = sequenceLengths(extras[names.lengths], memory, names.lengths);
    const weightShape = [x.shape[0]!, heads, x.shape[1]!, memory.shape[1]!];
    const mask = forWeights(names.mask, extras[names.mask], "bool", weightShape);
    const bias = forWeights(names.bias, extras[names.bias], x.dtype, weightShape);
    const { rotary: turned = false } = config;
    const turn = (part: Tensor): Tensor => (turned === false ? part : rotary(part, turned === true ? {} : turned));
    const query = turn(toHeads(children.query(x), heads));
    const key = turn(toHeads(children.key(memory), heads));
    const value = toHeads(children.value(memory), heads);
    const masks = { keyMask: lengths && paddingMask(lengths, memory.shape[1]!, 4), mask, bias, causal };
    report("weights", attentionWeights(query, key, masks));
    const dropout = training && rate > 0 ? { rate, key: rowRng("weights") } : undefined;
    return children.output(fromHeads(scaledDotProduct(query, key, value, { ...masks, dropout, blockSize })));
  },
});

/** What the extras are called that concern what is attended to. */
const namesBySource = {
  self: { lengths: "lengths", mask: "attentionMask", bias: "attentionBias" },
  memory: { lengths: "memoryLengths", mask: "memoryMask", bias: "memoryBias" },
} as const;

/** An extra that is to broadcast to the weights axis by axis: rows of a batch are never taken for heads or queries. */
function forWeights(name: string, extra: Tensor | undefined, dtype: DType, shape: Shape): Tensor | undefined {
  const fits = extra?.rank === shape.length && extra.shape.every((size, axis) => size === 1 || size === shape[axis]);
  if (extra === undefined || (fits && extra.dtype === dtype)) return extra;
  throw new HookeError(
    `received ${name} ${describe(extra)}, expected ${describe({ dtype, shape })}, where axes may be 1.`,
    { code: "mismatch" },
  );
}

function memoryOf(memory: Tensor | undefined, x: Tensor): Tensor {
  if (memory?.rank === 3 && memory.shape[0] === x.shape[0] && isFloat(memory.dtype)) return memory;
  throw new HookeError(
    `expected the extra memory [${x.shape[0]}, positions, features] to attend to, ` +
      `received ${memory === undefined ? "none" : describe(memory)}.`,
    { code: "mismatch" },
  );
}

/** `[batch, positions, units]` as `[batch, heads, positions, units / heads]`. */
function toHeads(x: Tensor, heads: number): Tensor {
  const [batch, positions, units] = x.shape as [number, number, number];
  return transpose(reshape(x, [batch, positions, heads, units / heads]), [0, 2, 1, 3]);
}

function fromHeads(x: Tensor): Tensor {
  const [batch, heads, positions, size] = x.shape as [number, number, number, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, positions, heads * size]);
}
