// The preset for sequences of measurements: embedding, positions, encoder, one vector for the sequence, head.
import {
  checkSequence,
  defineLayer,
  dense,
  type Layer,
  lastStepOf,
  meanOverSteps,
  sequenceLengths,
  withinLengths,
} from "@hooke/core";
import {
  add,
  broadcastTo,
  checks,
  concat,
  describe,
  fail,
  HookeError,
  type OptionTable,
  reshape,
  sliceAxis,
} from "@hooke/runtime";
import { blockOptions } from "../blocks/config.ts";
import { type TransformerConfig, transformerEncoder } from "../blocks/stack.ts";
import { learnedPositions } from "../positions/learned.ts";
import { sinusoidalPositions } from "../positions/sinusoidal.ts";

/** Options of {@link sequenceTransformer}: its own, and those of the encoder, of which `width` is 64 unless given. */
export interface SequenceTransformerConfig extends Partial<Omit<TransformerConfig, "rotary">> {
  /** How many numbers (regression) or class scores (classification) there are for a sequence. */
  readonly outputs: number;
  /** How positions are known. Default `"sinusoidal"`. */
  readonly positions?: "sinusoidal" | "learned" | "rotary" | "none";
  /** The most positions of an input; needed by learned positions, without a class token. */
  readonly length?: number;
  /**
   * How the encoder's vectors become one: their mean, the last one, or that of a trained token put before the sequence
   * (Devlin et al. 2019). Default `"mean"`.
   */
  readonly pooling?: "mean" | "last" | "classToken";
}

const options: OptionTable<SequenceTransformerConfig> = {
  required: { outputs: checks.count },
  optional: {
    width: blockOptions.required.width,
    heads: blockOptions.required.heads,
    blocks: checks.countUpTo(1000),
    recompute: checks.flag,
    feedForwardSize: blockOptions.optional.feedForwardSize,
    activation: blockOptions.optional.activation,
    norm: blockOptions.optional.norm,
    causal: blockOptions.optional.causal,
    dropout: blockOptions.optional.dropout,
    epsilon: blockOptions.optional.epsilon,
    positions: (value) => checks.oneOf(value, ["sinusoidal", "learned", "rotary", "none"]),
    length: checks.count,
    pooling: (value) => checks.oneOf(value, ["mean", "last", "classToken"]),
  },
};

function positionsOf({ positions = "sinusoidal", length, pooling }: SequenceTransformerConfig): Layer | undefined {
  if (positions !== "learned") {
    if (length !== undefined) {
      fail(
        "sequenceTransformer",
        `received a length of ${length} with ${positions} positions; only learned ones have one.`,
      );
    }
    return positions === "sinusoidal" ? sinusoidalPositions() : undefined;
  }
  if (length === undefined) fail("sequenceTransformer", "learned positions need the option length; it is missing.");
  return learnedPositions({ length: length + (pooling === "classToken" ? 1 : 0) });
}

/**
 * A Transformer that reads a sequence and gives one vector: `[batch, positions, features]` to `[batch, outputs]`. A dense layer
 * embeds each position, positions are added, {@link transformerEncoder} follows, then pooling and a dense head.
 *
 * By default width 64, 2 blocks of 4 heads, feed-forward size 256, relu, norms before the parts, no dropout, sinusoidal
 * positions, the mean over positions. Vaswani et al., "Attention is all you need", NeurIPS 2017; the class token: Devlin et al.,
 * "BERT", NAACL 2019.
 *
 * The extra `lengths i32[batch]`, if given, says how many of the first positions count. What stands after them, even NaN,
 * reaches nothing; a sequence of length 0 pools to zeros (a class token still sees itself). The extras `attentionMask` and
 * `attentionBias` are those of {@link transformerEncoder}; a class token is their first position.
 *
 * Variables: `embedding`, `positions.table` (learned ones), `token [width]` (with a class token), `encoder`, `head`.
 *
 * @throws if learned positions have no `length`, or others have one; if a class token is to read a causal sequence, of which it
 *   sees nothing; on anything but sequences of floats of at least one position; on lengths that are not one for each row
 */
export const sequenceTransformer = /* @__PURE__ */ defineLayer({
  type: "sequenceTransformer",
  options,
  children: (
    config: SequenceTransformerConfig,
  ): Readonly<Record<"embedding" | "encoder" | "head", Layer>> & {
    readonly positions?: Layer;
  } => {
    const { outputs, positions: kind, length: _, pooling, ...given } = config;
    if (pooling === "classToken" && given.causal === true) {
      fail("sequenceTransformer", "a class token before a causal sequence sees nothing of it; use the pooling last.");
    }
    const encoder = { width: 64, heads: 4, blocks: 2, ...given };
    const positions = positionsOf(config);
    return {
      embedding: dense({ units: encoder.width }),
      ...(positions && { positions }),
      encoder: transformerEncoder({ ...encoder, rotary: kind === "rotary" }),
      head: dense({ units: outputs }),
    };
  },
  params: ({ width = 64, pooling }) => ({
    token:
      pooling === "classToken"
        ? { shape: [width], initializer: { name: "normal", standardDeviation: 0.02 } as const }
        : undefined,
  }),
  apply: ({ config, params: { token }, children, extras }, x) => {
    checkSequence(x, "[batch, positions, features]");
    const [batch, positions] = x.shape as [number, number];
    if (positions === 0)
      throw new HookeError(`expected sequences of at least one position, received ${describe(x)}.`, {
        code: "mismatch",
      });
    const lengths = sequenceLengths(extras.lengths, x);
    // What stands behind the end reaches nothing, not even a derivative by way of 0 times NaN.
    const embedded = children.embedding(withinLengths(x, lengths));
    const width = embedded.shape[2]!;
    const sequence = token === undefined ? embedded : concat([broadcastTo(token, [batch, 1, width]), embedded], 1);
    const placed = children.positions?.(sequence) ?? sequence;
    const own = token && lengths && { lengths: add(lengths, 1) };
    const encoded = children.encoder(placed, own);
    if (token !== undefined) return children.head(reshape(sliceAxis(encoded, 1, 0, 1), [batch, width]));
    return children.head((config.pooling === "last" ? lastStepOf : meanOverSteps)(encoded, lengths));
  },
});
