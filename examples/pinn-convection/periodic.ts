// A network that is periodic in x, with all its derivatives: x enters as the cosine and the sine of its angle.
import { defineLayer, dense, sequential } from "@hooke/core";
import { type Field, field } from "@hooke/pinn";
import { concat, cos, mul, sin, sliceAxis } from "@hooke/runtime";

/** From `[n, 2]`, x and t in [-1, 1], to the cosine and the sine of `pi x`, and t. */
const circle = defineLayer({
  type: "example/circle",
  apply: (_context, input) => {
    const angle = mul(sliceAxis(input, 1, 0, 1), Math.PI);
    return concat([cos(angle), sin(angle), sliceAxis(input, 1, 1, 2)], 1);
  },
});

/** Layers of tanh on a circle, periodic over the whole range of x. */
export function periodicMlp(units: readonly number[]): Field {
  const start = { kernelInitializer: "glorotNormal", biasInitializer: "zeros" } as const;
  const hidden = units.map((count) => dense({ units: count, activation: "tanh", ...start }));
  return field(sequential([circle(), ...hidden, dense({ units: 1, ...start })]));
}
