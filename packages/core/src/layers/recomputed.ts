// Recomputed: a layer of which training keeps the input alone, and which it computes again for its gradients.
import { recompute, type Tensor } from "@hooke/runtime";
import { defineLayer, type LayerContext } from "../model/define-layer.ts";
import type { Frame } from "../model/frame.ts";
import { type Layer, layerCheck } from "../model/layer.ts";

/** What layers leave in a frame besides their output. */
const stores = ["state", "carry", "reports"] as const;

/** Runs layers so that derivatives compute them again; what they leave in the frame comes out with their output. */
function again(frame: Frame, layers: () => Tensor): Tensor {
  // Nothing is differentiated in inference; those who look at layers' outputs keep them anyway, and other processes wait for statistics.
  if (!frame.training || frame.visit !== undefined || frame.share?.total !== undefined) return layers();
  const before = stores.map((store) => new Map(frame[store]));
  let left: { store: (typeof stores)[number]; path: string }[] = [];
  let pooled = false;
  const [output, ...tensors] = recompute(() => {
    const inner = layers();
    pooled = frame.pooled.has(inner);
    const written = stores.flatMap((store, i) =>
      [...frame[store]].flatMap(([path, tensor]) => (before[i]!.get(path) === tensor ? [] : [{ store, path, tensor }])),
    );
    left = written;
    return [inner, ...written.map(({ tensor }) => tensor)] as const;
  })();
  for (const [i, { store, path }] of left.entries()) frame[store].set(path, tensors[i]!);
  if (pooled) frame.pooled.add(output);
  return output;
}

const definition = {
  type: "recomputed",
  options: layerCheck,
  children: (layer: Layer) => ({ layer }),
  around: again,
  apply: ({ children: { layer } }: LayerContext<Layer, Record<never, never>, never, { layer: Layer }>, x: Tensor) =>
    layer(x),
};

/**
 * A layer whose gradients compute it again: training keeps its input, and not what it computes of it (gradient checkpointing). A
 * segment of a network, such as each block or the square root of their number, then takes the memory of its input, and its time
 * forward once more. Outputs, gradients, random masks and running statistics are those of the layer, which are updated once. In
 * inference it is the layer. Its variables have the paths of the layer's own. Chen et al. 2016.
 *
 * @example
 * ```ts
 * import { dense, recomputed, residual, sequential, summary } from "@hooke/core";
 *
 * const block = () => residual(sequential([dense({ units: 64, activation: "gelu" }), dense({ units: 32 })]));
 * const blocks = Array.from({ length: 24 }, () => recomputed(block()));
 * console.log(summary(sequential([...blocks, dense({ units: 1 })]), [32]).parameters); // 100641
 * ```
 */
export const recomputed = /* @__PURE__ */ defineLayer(definition);
