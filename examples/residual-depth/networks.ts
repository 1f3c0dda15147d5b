// The networks compared: blocks of two convolutions with a shortcut around them and without one.
import { batchNorm, defineLayer, dense, type Layer, type LayerFactory, relu, sequential } from "@hooke/core";
import { conv2d, globalAveragePool, residualBlock } from "@hooke/layers-conv";
import { add } from "@hooke/runtime";

export const kinds = ["plain", "residual"] as const;

/** Without shortcuts or with them. */
export type Kind = (typeof kinds)[number];

/** A convolution as `residualBlock` of @hooke/layers-conv has it. */
const convolution = (filters: number, stride = 1) =>
  conv2d({ filters, stride, kernelSize: 3, padding: 1, bias: false, kernelInitializer: "heNormal" });

interface Width {
  /** Channels of every convolution. */
  readonly filters: number;
}

/** `residualBlock` of @hooke/layers-conv without its shortcut: the same layers, the same parameters, the same start. */
export const plainBlock: LayerFactory<Width> = defineLayer({
  type: "example/plainBlock",
  children: ({ filters }: Width) => ({
    conv1: convolution(filters),
    norm1: batchNorm(),
    conv2: convolution(filters),
    norm2: batchNorm(),
  }),
  apply: ({ children: { conv1, norm1, conv2, norm2 } }, x) => relu(norm2(conv2(relu(norm1(conv1(x)))))),
});

interface BareBlockConfig extends Width {
  readonly kind: Kind;
}

/**
 * A block without normalisation, with biases in its place. Without it, the sum with the input would double the variance in every
 * block; a last convolution that starts at zero keeps the signal as it is. Zhang et al. 2019.
 */
const bareBlock = defineLayer({
  type: "example/bareBlock",
  children: ({ filters, kind }: BareBlockConfig) => {
    const common = { filters, kernelSize: 3, padding: 1, biasInitializer: "zeros" } as const;
    return {
      conv1: conv2d({ ...common, kernelInitializer: "heNormal" }),
      conv2: conv2d({ ...common, kernelInitializer: kind === "plain" ? "heNormal" : "zeros" }),
    };
  },
  apply: ({ config: { kind }, children: { conv1, conv2 } }, x) => {
    const inner = conv2(relu(conv1(x)));
    return relu(kind === "plain" ? inner : add(inner, x));
  },
});

const stem = defineLayer({
  type: "example/stem",
  children: ({ filters }: Width) => ({ conv: convolution(filters, 2), norm: batchNorm() }),
  apply: ({ children: { conv, norm } }, x) => relu(norm(conv(x))),
});

/** A network of a study. */
export interface Architecture extends Width {
  readonly kind: Kind;
  /** Convolutions and the last linear map, counted as He et al. do: an even number, 2 for each block and 2 around them. */
  readonly depth: number;
  /** Whether blocks have batch normalisation; the first convolution always has. Default true. */
  readonly normalized?: boolean;
  /** Number of classes. */
  readonly outputs: number;
}

/**
 * Images `[batch, side, side, 1]` to logits `[batch, outputs]`: a convolution that halves the side, the blocks, the mean over
 * positions, a linear map. Side and channels stay the same from block to block: no shortcut needs a projection, and both
 * kinds have the same parameters.
 */
export function network({ kind, depth, filters, outputs, normalized = true }: Architecture): Layer {
  const block = (): Layer => {
    if (!normalized) return bareBlock({ filters, kind });
    return kind === "plain" ? plainBlock({ filters }) : residualBlock({ filters });
  };
  return sequential({
    stem: stem({ filters }),
    blocks: sequential(Array.from({ length: (depth - 2) / 2 }, block)),
    average: globalAveragePool(),
    head: dense({ units: outputs }),
  });
}
