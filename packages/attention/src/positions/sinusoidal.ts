// Sinusoidal positions: waves of many lengths, added to the input. Nothing is learned.
import { checkSequence, defineLayer, type LayerContext } from "@hooke/core";
import { add, array, checks } from "@hooke/runtime";
import { angles } from "./rotary.ts";

/** Options of {@link sinusoidalPositions}. */
export interface SinusoidalPositionsConfig {
  /** The longest wave has about `2 pi base` positions. Default 10,000. */
  readonly base?: number;
}

/**
 * `x[p, 2i] + sin(p / base^(2i / width))` and `x[p, 2i + 1] + cos(p / base^(2i / width))` on `[batch, positions, width]`.
 * Vaswani et al., "Attention is all you need", NeurIPS 2017, section 3.5.
 *
 * @throws on an input of another rank, and on whole numbers
 */
export const sinusoidalPositions = /* @__PURE__ */ defineLayer({
  type: "sinusoidalPositions",
  options: { optional: { base: checks.positive } },
  apply: ({ config: { base = 10_000 } }: LayerContext<SinusoidalPositionsConfig>, x) => {
    checkSequence(x, "[batch, positions, width]");
    const [positions, width] = x.shape.slice(1) as [number, number];
    const phases = angles(positions, width, base);
    const pairs = Math.ceil(width / 2);
    const waves = Float64Array.from({ length: positions * width }, (_, i) => {
      const column = i % width;
      const phase = phases[Math.floor(i / width) * pairs + (column >> 1)]!;
      return column % 2 === 0 ? Math.sin(phase) : Math.cos(phase);
    });
    return add(x, array(waves, { shape: [positions, width], dtype: x.dtype }));
  },
});
