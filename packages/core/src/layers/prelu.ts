// An activation with trained slopes.
import { checks, greater, mul, select } from "@hooke/runtime";
import { defineLayer } from "../model/define-layer.ts";
import { channelsOf } from "./normalize.ts";

/** Options of {@link prelu}. */
export interface PreluConfig {
  /** Whether each channel has a slope of its own, or all share one. Default false. */
  readonly perChannel?: boolean;
  /** What slopes start from. Default 0.25. */
  readonly initialSlope?: number;
}

/**
 * `x` above 0, `slope * x` elsewhere, with slopes that are trained: one for all, or one for each channel, the last axis. He et al.,
 * "Delving deep into rectifiers", ICCV 2015; `torch.nn.PReLU`.
 *
 * Parameters: `slope [1]` or `[channels]`.
 */
export const prelu = /* @__PURE__ */ defineLayer({
  type: "prelu",
  options: { optional: { perChannel: checks.flag, initialSlope: checks.finite } },
  params: ({ perChannel = false, initialSlope = 0.25 }: PreluConfig, inputShape) => ({
    slope: {
      shape: perChannel ? channelsOf(inputShape) : [1],
      initializer: { name: "constant", value: initialSlope } as const,
    },
  }),
  apply: ({ params: { slope } }, x) => select(greater(x, 0), x, mul(x, slope)),
});
