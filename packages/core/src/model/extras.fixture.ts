// Layers that read an extra, and that carry and report.
import { add, full, mul } from "@hooke/runtime";
import { defineLayer, type LayerContext, type NoOptions } from "./define-layer.ts";

/** Multiplied by the extra `scale`, where there is one. */
export const scaled = defineLayer({
  type: "test/scaled",
  apply: ({ extras: { scale } }: LayerContext<NoOptions>, x) => (scale === undefined ? x : mul(x, scale)),
});

/** The sum of all inputs so far, carried as `total`; reports its double. */
export const runningSum = defineLayer({
  type: "test/runningSum",
  apply: ({ carried, carry, report }: LayerContext<NoOptions>, x) => {
    const total = add(x, carried("total", full(x.shape, 0)));
    carry("total", total);
    report("doubled", mul(total, 2));
    return total;
  },
});
