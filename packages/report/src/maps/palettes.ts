// The colours of values, in equal steps to the eye, in any colour vision.
import { type Lab, labOf, type Rgb, rgbOf } from "./oklab.ts";

/** How many colours a palette has: an odd number, so that one is in the middle. */
const count = 255;

/** The last index of a palette. */
export const lastColor = count - 1;

/** Names of the palettes. */
export type PaletteName = "sequential" | "diverging";

/**
 * Colours from the smallest to the largest value.
 *
 * `sequential` goes from dark violet over green to light yellow: linear in lightness and hue of OKLCH, walked at constant speed in
 * OKLab. Lightness alone orders the values, so that neither a lack of cones nor a grey print mixes them up.
 *
 * `diverging` goes from dark blue over light grey, the colour of 0, to dark brown: two straight lines in OKLab, so that values of one size are
 * equally dark, and blue and brown tell the signs apart to eyes that lack a kind of cones.
 */
export const palettes: { readonly [P in PaletteName]: readonly Rgb[] } = {
  sequential: /* @__PURE__ */ walk(),
  diverging: /* @__PURE__ */ Array.from({ length: count }, (_, i) => rgbOf(aside((2 * i) / lastColor - 1))),
};

/** The sequential path at `t` in 0 to 1. */
function pathAt(t: number): Lab {
  return labOf(0.27 + 0.65 * t, 0.115 - 0.12 * t + 0.175 * t * t, 300 - 195 * t);
}

/** The diverging path at `t` in -1 to 1. */
function aside(t: number): Lab {
  const size = Math.abs(t);
  return labOf(0.95 - 0.55 * size, 0.115 * size, t < 0 ? 250 : 52);
}

/** Colours at equal distances along the sequential path. */
function walk(): Rgb[] {
  const fine = Array.from({ length: 2001 }, (_, i) => pathAt(i / 2000));
  let length = 0;
  const lengths = fine.map((lab, i) => {
    const before = fine[i - 1];
    if (before) length += Math.hypot(lab[0] - before[0], lab[1] - before[1], lab[2] - before[2]);
    return length;
  });
  return Array.from({ length: count }, (_, i) => {
    const target = (i / lastColor) * length;
    return rgbOf(fine[lengths.findIndex((reached) => reached >= target * (1 - 1e-12))]!);
  });
}
