// The models of the golden files, as compositions of @hooke/core.
import { batchNorm, defineLayer, dense, flatten, gelu, type Layer, layerNorm, relu, sequential } from "@hooke/core";
import { add, conv, maxPool } from "@hooke/runtime";
import type { GoldenCase } from "../golden.ts";

/** Dense layers of the given sizes, an activation between them. */
function mlp(sizes: readonly number[], activation: "relu" | "tanh"): Layer {
  const units = sizes.slice(1);
  return sequential(units.map((n, i) => dense(i < units.length - 1 ? { units: n, activation } : { units: n })));
}

const residualBlock = defineLayer({
  type: "testkit/residualBlock",
  children: ({ hidden, width }: { readonly hidden: number; readonly width: number }) => ({
    "0": dense({ units: hidden }),
    norm: layerNorm(),
    "1": dense({ units: width }),
  }),
  apply: ({ children }, x) => add(x, children[1](relu(children.norm(children[0](x))))),
});

interface NormNetConfig {
  readonly norm: Layer;
  readonly activation: "relu" | "gelu";
  readonly hidden: number;
  readonly outputs: number;
}

const normNet = defineLayer({
  type: "testkit/normNet",
  children: ({ norm, hidden, outputs }: NormNetConfig) => ({
    "0": dense({ units: hidden }),
    norm,
    "1": dense({ units: outputs }),
  }),
  apply: ({ config, children }, x) =>
    children[1]((config.activation === "relu" ? relu : gelu)(children.norm(children[0](x)))),
});

const conv2d = defineLayer({
  type: "testkit/conv2d",
  params: ({ filters }: { readonly filters: number }, inputShape) => ({
    kernel: { shape: [3, 3, inputShape.at(-1)!, filters], initializer: "torchDefault" },
    bias: { shape: [filters], initializer: "zeros" },
  }),
  apply: ({ params: { kernel, bias } }, x) => {
    const padding = [
      [1, 1],
      [1, 1],
    ] as const;
    return add(conv(x, kernel, { padding }), bias);
  },
});

const convNet = defineLayer({
  type: "testkit/convNet",
  children: ({ filters, classes }: { readonly filters: readonly number[]; readonly classes: number }) => ({
    conv0: conv2d({ filters: filters[0]! }),
    conv1: conv2d({ filters: filters[1]! }),
    flatten: flatten(),
    "0": dense({ units: classes }),
  }),
  apply: ({ children: { conv0, conv1, flatten, 0: head } }, x) => {
    const pool = { window: [2, 2] };
    return head(flatten(maxPool(relu(conv1(maxPool(relu(conv0(x)), pool))), pool)));
  },
});

/** The network of a golden case. */
export function networkOf({ operation, config, inputs }: GoldenCase): Layer {
  const sizes = (config.sizes ?? []) as readonly number[];
  const [, hidden = 0, outputs = 0] = sizes;
  switch (operation) {
    case "mlp":
    case "burgersResidual":
      return mlp(sizes, config.activation as "relu" | "tanh");
    case "residualBlock":
      return residualBlock({ hidden: config.hidden as number, width: inputs.x!.shape.at(-1)! });
    case "batchNormNet":
      return normNet({ norm: batchNorm(), activation: "relu", hidden, outputs });
    case "layerNormNet":
      return normNet({ norm: layerNorm(), activation: "gelu", hidden, outputs });
    case "convNet":
      return convNet({ filters: config.filters as readonly number[], classes: config.classes as number });
    default:
      throw new Error(`no network for the golden operation ${operation}`);
  }
}
