// Types of layers: wrong options are compile errors, and a layer with state returns its next state.
import { add, mul, type Tensor } from "@hooke/runtime";
import { dense } from "../layers/dense.ts";
import { dropout } from "../layers/dropout.ts";
import { groupNorm, layerNorm } from "../layers/norms.ts";
import { residual } from "../layers/residual.ts";
import { sequential } from "../layers/sequential.ts";
import { flatten } from "../layers/shape.ts";
import { defineLayer, type LayerContext, type NoOptions } from "./define-layer.ts";
import type { Layer } from "./layer.ts";

export const valid: readonly Layer[] = [
  dense({ units: 1, activation: { name: "leakyRelu", negativeSlope: 0.2 }, kernelInitializer: "heNormal" }),
  layerNorm(),
  layerNorm({ epsilon: 1e-6 }),
  flatten(),
  sequential([dense({ units: 1 }), residual(dropout({ rate: 0.5 }))]),
  sequential({ body: dense({ units: 2 }), head: dense({ units: 1 }) }),
];

// @ts-expect-error an option is missing
dense({});
// @ts-expect-error options are missing
dense();
// @ts-expect-error an option is unknown
dense({ units: 1, unit: 1 });
// @ts-expect-error an option is of the wrong type
dense({ units: "1" });
// @ts-expect-error there is no such activation
dense({ units: 1, activation: "rellu" });
// @ts-expect-error an activation has no such option
dense({ units: 1, activation: { name: "elu", negativeSlope: 1 } });
// @ts-expect-error an initializer needs its options
dense({ units: 1, kernelInitializer: "normal" });
// @ts-expect-error no options
flatten({ axis: 1 });
// @ts-expect-error a required option beside an optional one
groupNorm({ epsilon: 1e-5 });
// @ts-expect-error not a layer
residual({ type: "dense", config: { units: 1 } });
// @ts-expect-error not a list of layers
sequential(dense);

interface ScaleConfig {
  readonly initial?: number;
}

export const scale = defineLayer({
  type: "test/scale",
  params: ({ initial = 1 }: ScaleConfig, inputShape) => ({
    factor: { shape: inputShape.slice(-1), initializer: { name: "constant", value: initial } },
    shift: initial > 0 ? { shape: [], initializer: "zeros" } : undefined,
  }),
  apply: ({ params: { factor, shift } }, x) => {
    const y: Tensor = mul(x, factor);
    // @ts-expect-error the shift may be absent
    add(y, shift);
    return y;
  },
});

export const scales: readonly Layer<ScaleConfig>[] = [scale(), scale({ initial: 2 })];

const counted = (_config: NoOptions) => ({ calls: { shape: [], initializer: "zeros" } }) as const;

export const counter = defineLayer({
  type: "test/counter",
  state: counted,
  apply: ({ state }, x) => [x, { calls: add(state.calls, 1) }],
});

defineLayer({
  type: "test/forgetful",
  state: counted,
  // @ts-expect-error a layer that declares state returns the next one
  apply: (_context, x) => x,
});

defineLayer({
  type: "test/partial",
  state: counted,
  // @ts-expect-error all of it
  apply: (_context, x) => [x, {}],
});

defineLayer({
  type: "test/inventive",
  // @ts-expect-error a layer without state returns its output alone
  apply: (_context: LayerContext, x) => [x, { calls: x }],
});

defineLayer({
  type: "test/parent",
  children: (_config: NoOptions) => ({ inner: dense({ units: 1 }) }),
  // @ts-expect-error there is no such child
  apply: ({ children }, x) => children.outer(x),
});

defineLayer({
  type: "test/options",
  // @ts-expect-error every option has its check
  options: { optional: {} },
  params: (_config: ScaleConfig) => ({}),
  apply: (_context, x) => x,
});
