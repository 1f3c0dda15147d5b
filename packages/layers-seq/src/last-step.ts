// The last step of a sequence: between a layer that returns sequences and a head that predicts one value.
import {
  checkSequence,
  defineLayer,
  type LayerContext,
  type LayerFactory,
  lastStepOf,
  type NoOptions,
  sequenceLengths,
} from "@hooke/core";

/**
 * The last step of each sequence, `[batch, time, features]` to `[batch, features]`. With the extra `lengths`, `i32[batch]`, the
 * last valid one; 0 for a sequence of length 0, and a length above the number of steps counts as all of them.
 *
 * @throws on anything but sequences of floats, on no steps, and on lengths that are not one for each row
 */
export const lastStep: LayerFactory<NoOptions> = /* @__PURE__ */ defineLayer({
  type: "lastStep",
  options: {},
  apply: ({ extras: { lengths } }: LayerContext<NoOptions>, x) => {
    checkSequence(x, "[batch, time, features]");
    return lastStepOf(x, sequenceLengths(lengths, x));
  },
});
