// Residual-based attention: points where the residual has been large count more.
import { checkOptions, checks } from "@hooke/runtime";
import { checkSquares, type Weighting, type WeightingView } from "./weighting.ts";

/** Options of {@link residualAttention}. */
export interface ResidualAttentionOptions {
  /** Iterations between updates. Default 50. */
  readonly every?: number;
  /** How much of the attention stays after one iteration, from 0 to below 1; after `every` of them, its power. Default 0.999. */
  readonly memory?: number;
}

/** The attention a point has, and where it is: rows of coordinates, in terms of the domain's bounds. */
interface Attention {
  readonly values: Float64Array;
  readonly rows: Float64Array;
}

/**
 * Multiplies the residual at each point by an attention that moves towards `|r| / max |r|` of its term (Anagnostopoulos, Toscano, Stergiopulos and
 * Karniadakis 2023). Squares of attentions have the mean 1 in each term, so that terms keep their weights beside each other. It begins with 1 for all;
 * points that are drawn again begin with the attention of the nearest one before.
 *
 * @throws on an option it does not have; from `solve`, if a term is an energy
 * @example
 * ```ts
 * import { causal, combined, residualAttention } from "@hooke/pinn";
 *
 * console.log(combined(causal(), residualAttention({ every: 100 })).every); // 100
 * ```
 */
export function residualAttention(options: ResidualAttentionOptions = {}): Weighting {
  checkOptions<ResidualAttentionOptions>("residualAttention", options, {
    optional: { every: checks.count, memory: checks.fraction },
  });
  const { every = 50, memory = 0.999 } = options;
  const kept = memory ** every;
  return {
    name: "residualAttention",
    every,
    update: async (view, before) => {
      checkSquares("residualAttention", view);
      const known = before.memory as Readonly<Record<string, Attention>> | undefined;
      const residuals = await view.residuals();
      const places = placesIn(view);
      const attention: Record<string, Attention> = {};
      for (const [term, components] of Object.entries(residuals)) {
        const rows = places(term);
        const last = known?.[term];
        const sizes = components[0]!.map((_, i) => Math.hypot(...components.map((values) => values[i]!)));
        const most = sizes.reduce((a, b) => Math.max(a, b), 0) || 1;
        const own = (i: number): number => last!.values[view.redrawn ? nearest(last!.rows, rows, sizes.length, i) : i]!;
        const values = sizes.map((size, i) => (last === undefined ? 1 : kept * own(i) + ((1 - kept) * size) / most));
        attention[term] = { values, rows };
      }
      const weights = Object.fromEntries(
        Object.entries(attention).map(([term, { values }]) => {
          const mean = values.reduce((total, value) => total + value * value, 0) / values.length;
          return [term, values.map((value) => (value * value) / mean)];
        }),
      );
      return { weights, memory: attention as never };
    },
  };
}

/** The points of terms in terms of the domain's bounds, row-major. */
function placesIn(view: WeightingView): (term: string) => Float64Array {
  const axes = Object.entries(view.bounds).map(([name, [low, high]]) => {
    return { values: view.coordinate(name), low, size: high - low };
  });
  return (term) => {
    const count = axes[0]!.values[term]!.length;
    return Float64Array.from({ length: count * axes.length }, (_, i) => {
      const { values, low, size } = axes[i % axes.length]!;
      return (values[term]![Math.floor(i / axes.length)]! - low) / size;
    });
  };
}

/** Which of `count` places is nearest to row `i` of `rows`. */
function nearest(places: Float64Array, rows: Float64Array, count: number, i: number): number {
  const dimensions = places.length / count;
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let j = 0; j < count; j++) {
    let distance = 0;
    for (let axis = 0; axis < dimensions; axis++) {
      distance += (places[j * dimensions + axis]! - rows[i * dimensions + axis]!) ** 2;
    }
    if (distance < least) [best, least] = [j, distance];
  }
  return best;
}
