// A vector for each chemical element.
import { defineLayer } from "@hooke/core";
import { checks, describe, gather, HookeError, reshape } from "@hooke/runtime";

/** Options of {@link atomEmbedding}. */
export interface AtomEmbeddingConfig {
  /** Size of an element's vector. */
  readonly units: number;
}

/** Elements that have a name, and 0, which stands for none. */
const elements = 119;

/**
 * Atomic numbers, `i32[rows, nodes, 1]`, to vectors, `[rows, nodes, units]`.
 *
 * Parameters: `table [119, units]`, normal with standard deviation 1, whose row 0 no element reads.
 */
export const atomEmbedding = /* @__PURE__ */ defineLayer({
  type: "atomEmbedding",
  options: { required: { units: checks.count } },
  params: ({ units }: AtomEmbeddingConfig) => ({
    table: { shape: [elements, units], initializer: { name: "normal", standardDeviation: 1 } },
  }),
  apply: ({ params: { table } }, x) => {
    if (x.rank !== 3 || x.shape[2] !== 1 || x.dtype !== "i32") {
      throw new HookeError(
        `expected atomic numbers, i32[rows, nodes, 1], received ${describe(x)}; graphDataset makes them of atomGraph(...).`,
        { code: "mismatch" },
      );
    }
    return gather(table, reshape(x, x.shape.slice(0, 2)));
  },
});
