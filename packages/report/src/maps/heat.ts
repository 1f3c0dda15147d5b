// The colours of values: from dark violet over green to light yellow, in equal steps to the eye, in any colour vision.
//
// The path is linear in lightness and hue of OKLCH (Ottosson, 2020) and walked at constant speed in OKLab. Lightness alone orders
// the values, so that neither a lack of cones nor a grey print mixes them up.

/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Colours from the smallest to the largest value. */
export const heatColors: readonly Rgb[] = /* @__PURE__ */ walk(255);

/** The colour bar. */
export function heatGradient(): string {
  const stops = Array.from({ length: 18 }, (_, i) => cssColor(heatColors[Math.round((i * 254) / 17)]!));
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

/** The index of a value's colour; values beyond the range have its ends. */
export function heatIndex(value: number, [low, high]: readonly [number, number]): number {
  const share = high > low ? (value - low) / (high - low) : 0.5;
  return Math.round(254 * Math.min(1, Math.max(0, share)));
}

/** A colour of style sheets. */
export function cssColor(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

type Lab = readonly [number, number, number];

/** OKLab at `t` in 0 to 1. */
function pathAt(t: number): Lab {
  const chroma = 0.115 - 0.12 * t + 0.175 * t * t;
  const hue = ((300 - 195 * t) * Math.PI) / 180;
  return [0.27 + 0.65 * t, chroma * Math.cos(hue), chroma * Math.sin(hue)];
}

/** Colours at equal distances along the path. */
function walk(count: number): Rgb[] {
  const fine = Array.from({ length: 2001 }, (_, i) => pathAt(i / 2000));
  let length = 0;
  const lengths = fine.map((lab, i) => {
    const before = fine[i - 1];
    if (before) length += Math.hypot(lab[0] - before[0], lab[1] - before[1], lab[2] - before[2]);
    return length;
  });
  return Array.from({ length: count }, (_, i) => {
    const target = (i / (count - 1)) * length;
    return rgbOf(fine[lengths.findIndex((reached) => reached >= target * (1 - 1e-12))]!);
  });
}

function rgbOf([lightness, a, b]: Lab): Rgb {
  const [l, m, s] = [
    (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
    (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
    (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3,
  ];
  return [
    encoded(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    encoded(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    encoded(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** A linear channel as sRGB. */
function encoded(linear: number): number {
  const inside = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055));
}
