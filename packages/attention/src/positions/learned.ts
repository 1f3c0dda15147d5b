// Learned positions: one trained vector per position, added to the input.
import { checkSequence, defineLayer } from "@hooke/core";
import { add, checks, HookeError, sliceAxis } from "@hooke/runtime";

/** Options of {@link learnedPositions}. */
export interface LearnedPositionsConfig {
  /** The most positions that an input may have. */
  readonly length: number;
}

/**
 * Adds a trained vector to each position of `[batch, positions, width]`. Shorter inputs use the first ones. Gehring et al.,
 * "Convolutional sequence to sequence learning", ICML 2017; Devlin et al., "BERT", NAACL 2019.
 *
 * Parameters: `table [length, width]`, from a normal distribution of standard deviation 0.02.
 *
 * @throws on an input of another rank or with more positions, and on whole numbers
 */
export const learnedPositions = /* @__PURE__ */ defineLayer({
  type: "learnedPositions",
  options: { required: { length: checks.count } },
  params: ({ length }: LearnedPositionsConfig, inputShape) => {
    if (inputShape.length !== 2 || inputShape[0]! > length) {
      throw new HookeError(
        `expected [batch, positions, width] with at most ${length} positions, received [batch, ${inputShape.join(", ")}].`,
        { code: "mismatch" },
      );
    }
    return {
      table: { shape: [length, inputShape[1]!], initializer: { name: "normal", standardDeviation: 0.02 } as const },
    };
  },
  apply: ({ params: { table } }, x) => {
    checkSequence(x, "[batch, positions, width]");
    return add(x, sliceAxis(table, 0, 0, x.shape[1]!));
  },
});
