// Snake, x + sin^2(a x) / a with one trained frequency a per channel: an activation for periodic signals such as load histories.
// L. Ziyin, T. Hartwig, M. Ueda, "Neural networks fail to learn periodic functions and how to fix it", NeurIPS 2020.
import { defineLayer } from "@hooke/core";
import { add, checks, definePlugin, div, mul, type Shape, sin, square } from "@hooke/runtime";

export interface SnakeConfig {
  /** The frequency to start from. Default 1. */
  readonly frequency?: number;
}

export const snake = /* @__PURE__ */ defineLayer({
  type: "snake/snake",
  options: { optional: { frequency: checks.positive } },
  params: ({ frequency = 1 }: SnakeConfig, inputShape: Shape) => ({
    frequency: { shape: inputShape.slice(-1), initializer: { name: "constant", value: frequency } },
  }),
  apply: ({ params: { frequency } }, x) => add(x, div(square(sin(mul(frequency, x))), frequency)),
});

export default /* @__PURE__ */ definePlugin({ name: "snake", layers: { "snake/snake": snake } });
