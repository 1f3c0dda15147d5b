// Sequential: layers one after another.
import { fail } from "@hooke/runtime";
import { defineLayer } from "../model/define-layer.ts";
import { isLayer, type Layer, type Layers } from "../model/layer.ts";

/** Layers in order: a list, whose children are named `0`, `1`, ..., or a record, whose keys are the names. */
export type SequentialConfig = readonly Layer[] | Layers;

/**
 * Applies layers one after another.
 *
 * @throws if there are none, if something is not a layer, or if a name in a record is a number
 * @example
 * ```ts
 * import { dense, sequential, summary } from "@hooke/core";
 *
 * const model = sequential([dense({ units: 64, activation: "relu" }), dense({ units: 1 })]);
 * console.log(summary(model, [10]).parameters); // 769
 * ```
 */
export const sequential = /* @__PURE__ */ defineLayer({
  type: "sequential",
  children: (layers: SequentialConfig): Layers => {
    if (isLayer(layers)) fail("sequential", "received a layer; it takes a list or a record of layers.");
    const children = { ...layers } as Layers;
    const names = Object.keys(children);
    if (names.length === 0) fail("sequential", "received no layers; it takes at least one.");
    if (!Array.isArray(layers) && names.some((name) => /^\d+$/.test(name))) {
      // JavaScript puts such keys first, whatever order they are written in.
      fail(
        "sequential",
        `received a record with the names ${names.join(", ")}; use a list, or names that are no numbers.`,
      );
    }
    return children;
  },
  apply: ({ children }, x) => Object.values(children).reduce((value, layer) => layer(value), x),
});
