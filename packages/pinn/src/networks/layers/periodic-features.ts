// Columns turned into circles: whatever follows is periodic in them, with all derivatives.
import { defineLayer } from "@hooke/core";
import { type Check, concat, cos, describe, HookeError, mul, sin, sliceAxis, type Tensor } from "@hooke/runtime";

/** Options of {@link periodicFeatures}. */
export interface PeriodicFeaturesConfig {
  /** One a column, in radians per unit of the input; 0 leaves a column as it is. */
  readonly frequencies: readonly number[];
}

const frequenciesCheck: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((each) => Number.isFinite(each) && each >= 0)
    ? undefined
    : "a list of numbers of at least 0, one a column, such as [3.14, 0]";

/**
 * Each column with a frequency becomes two, `cos(frequency x)` and `sin(frequency x)`: `[batch, columns]` to `[batch, columns + those with a frequency]`.
 *
 * @throws on another number of columns than of frequencies
 */
export const periodicFeatures = /* @__PURE__ */ defineLayer({
  type: "periodicFeatures",
  options: { required: { frequencies: frequenciesCheck } },
  params: (_config: PeriodicFeaturesConfig) => ({}),
  apply: ({ config: { frequencies } }, x) => {
    if (x.rank !== 2 || x.shape[1] !== frequencies.length) {
      throw new HookeError(
        `received ${describe(x)} for ${frequencies.length} frequencies; expected [batch, ${frequencies.length}].`,
        { code: "mismatch" },
      );
    }
    const parts = frequencies.flatMap((frequency, axis): Tensor[] => {
      const column = sliceAxis(x, 1, axis, axis + 1);
      if (frequency === 0) return [column];
      const angle = mul(column, frequency);
      return [cos(angle), sin(angle)];
    });
    return concat(parts, 1);
  },
});
