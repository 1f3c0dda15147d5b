// Embedding: a vector for each of a number of symbols.
import { defineLayer, type Initializer, initializerCheck, type LayerFactory } from "@hooke/core";
import { checks, convert, gather, HookeError, mul, zeros } from "@hooke/runtime";

/** Options of {@link embedding}. */
export interface EmbeddingConfig {
  /** Number of symbols. */
  readonly symbols: number;
  /** Size of a symbol's vector. */
  readonly size: number;
  /** A symbol whose vector is 0 and stays 0, for steps after the end. Default none. */
  readonly paddingIndex?: number;
  /** Default: normal with standard deviation 1. */
  readonly initializer?: Initializer;
}

/**
 * Symbols to vectors: whole numbers (i32 or u32) `[batch, ...]` below `symbols` to `[batch, ..., size]`. A number out of range
 * gives 0. Bengio et al., "A neural probabilistic language model", JMLR, 2003.
 *
 * Parameters: `table [symbols, size]`, by default standard normal. The row of a padding symbol is drawn too, but never read:
 * its vector is 0 and it gets no derivative.
 *
 * @throws on inputs that are not whole numbers, and on a `paddingIndex` that is not a symbol
 */
export const embedding: LayerFactory<EmbeddingConfig> = /* @__PURE__ */ defineLayer({
  type: "embedding",
  options: {
    required: { symbols: checks.count, size: checks.count },
    optional: {
      paddingIndex: checks.wholeNumber,
      initializer: initializerCheck,
    },
  },
  params: ({ symbols, size, paddingIndex, initializer }: EmbeddingConfig) => {
    if (paddingIndex !== undefined && paddingIndex >= symbols) {
      throw new HookeError(
        `has the paddingIndex ${paddingIndex} for ${symbols} symbols; it is one of 0 to ${symbols - 1}.`,
      );
    }
    const standard: Initializer = { name: "normal", standardDeviation: 1 };
    return { table: { shape: [symbols, size], initializer: initializer ?? standard } };
  },
  apply: ({ config: { symbols, paddingIndex }, params: { table } }, x) => {
    if (x.dtype !== "i32" && x.dtype !== "u32") {
      throw new HookeError(
        `expected whole numbers (i32 or u32), received ${x.dtype}; give inputs as array(values, { dtype: "i32" }).`,
        { code: "mismatch" },
      );
    }
    const symbol = convert(x, "i32");
    if (paddingIndex === undefined) return gather(table, symbol);
    const kept = zeros([symbols, 1], table.dtype);
    kept.data.fill(1);
    kept.data[paddingIndex] = 0;
    return gather(mul(table, kept), symbol);
  },
});
