// From values to colours: which palette, and which of its colours.
import { type Check, checks } from "@hooke/runtime";
import type { Range } from "../numbers.ts";
import { cssColor } from "./oklab.ts";
import { lastColor, type PaletteName, palettes } from "./palettes.ts";

/** Colours for the values of a map. */
export interface ColorScale {
  readonly palette: PaletteName;
  /** The values at the ends of the colour bar. */
  readonly range: Range;
  /** The place of a value's colour in the palette; values beyond the range have the colours of its ends. */
  index(value: number): number;
  /** What the colours mean, where that has to be said. */
  readonly notes: readonly string[];
}

/** Expects the name of a palette. */
export const paletteCheck: Check = (value) => checks.oneOf(value, Object.keys(palettes));

/**
 * @param found the extent of the values
 * @param range the ends of the colour bar. Default: `found`
 * @param palette default: diverging where the range has values of both signs. It is centred at 0, and as dark at `-v` as at `v`
 */
export function colorScale(found: Range, range: Range = found, palette?: PaletteName): ColorScale {
  const [low, high] = ends(range);
  const chosen = palette ?? (range[0] < 0 && range[1] > 0 ? "diverging" : "sequential");
  const size = Math.max(Math.abs(low), Math.abs(high));
  const share = (value: number): number =>
    chosen === "diverging" ? (value / size + 1) / 2 : (value - low) / (high - low);
  return {
    palette: chosen,
    range: [low, high],
    index: (value) => Math.round(lastColor * share(Math.min(high, Math.max(low, value)))),
    notes: chosen === "diverging" ? ["Blue is below 0, brown above."] : [],
  };
}

/** One value everywhere has a colour and a bar as well. */
function ends([low, high]: Range): Range {
  if (low > high) return [0, 1];
  const margin = low < high ? 0 : Math.abs(low) / 2 || 0.5;
  return [low - margin, high + margin];
}

/** The colour bar. */
export function gradientOf({ palette, range: [low, high], index }: ColorScale): string {
  const stops = Array.from({ length: 18 }, (_, i) => colorAt(palette, index(low + ((high - low) * i) / 17)));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** A colour of a palette, for style sheets. */
export const colorAt = (palette: PaletteName, index: number): string => cssColor(palettes[palette][index]!);
