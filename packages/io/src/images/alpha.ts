// Alpha: left out where every pixel is opaque, else laid over a background that the caller names.
import { fail } from "@hooke/runtime";
import { allocateSamples, type Image } from "./image.ts";
import type { Samples } from "./samples.ts";

/** What lies behind transparent pixels: 0 is black, 1 is white; one number for grey, three for red, green and blue. */
export type Background = number | readonly [red: number, green: number, blue: number];

/**
 * An image without alpha, which floating-point samples never have.
 *
 * @throws if a pixel is transparent and there is no background, or the background has a colour and the image has none
 */
export function withoutAlpha(who: string, samples: Samples, background: Background | undefined): Image {
  const { values, width, height, bits } = samples;
  const stored = samples.channels;
  if (stored === 1 || stored === 3) return { values, width, height, channels: stored, bits };
  const channels = stored === 2 ? 1 : 3;
  const opaque = 2 ** bits - 1;
  const behind = isOpaque(samples) ? undefined : behindOf(who, channels, background);
  const out = allocateSamples(width * height * channels, bits);
  for (let from = 0, to = 0; to < out.length; from++) {
    const alpha = values[from + channels]! / opaque;
    for (let channel = 0; channel < channels; channel++) {
      const value = values[from++]!;
      out[to++] = behind ? Math.floor(value * alpha + behind[channel]! * opaque * (1 - alpha) + 0.5) : value;
    }
  }
  return { values: out, width, height, channels, bits };
}

function isOpaque({ values, channels, bits }: Samples): boolean {
  const opaque = 2 ** bits - 1;
  for (let i = channels - 1; i < values.length; i += channels) if (values[i] !== opaque) return false;
  return true;
}

function behindOf(who: string, channels: 1 | 3, background: Background | undefined): readonly number[] {
  if (background === undefined) {
    const cure = "Say what is behind them: background: 0 is black, 1 white, [r, g, b] a colour.";
    return fail(who, `some of its pixels are transparent. ${cure}`, "unsupported");
  }
  if (typeof background === "number") return Array.from({ length: channels }, () => background);
  if (channels === 1) fail(who, "it is grey, and the background has a colour; give one number.", "mismatch");
  return background;
}
