// The place of a map: the area with its axes, the colour bar under it, and what its script reads.
import { type Html, html } from "../html.ts";
import { type Range, ticksWithin } from "../numbers.ts";
import { type ColorScale, gradientOf } from "./color-scale.ts";
import { base64 } from "./png.ts";

/** What a map's script reads. Plain JSON. */
export interface MapData {
  /** What the two coordinates and the value are called. */
  readonly labels: readonly [x: string, y: string, quantity: string];
  /** Of the columns of a grid, or of each point. */
  readonly x: readonly number[];
  /** Of the rows of a grid, or of each point. */
  readonly y: readonly number[];
  readonly grid: boolean;
  /** The bytes of the values as floats of 32 bits, little-endian, in base64. */
  readonly values: string;
  readonly xRange: Range;
  /** From the bottom to the top; descending for pictures. */
  readonly yRange: Range;
}

export function encodeValues(values: ArrayLike<number>): string {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  for (let i = 0; i < values.length; i++) bytes.setFloat32(4 * i, values[i]!, true);
  return base64(new Uint8Array(bytes.buffer));
}

/** An axis, drawn beside the area. */
export interface Axis {
  readonly label: string;
  readonly range: Range;
}

/** What `mapBody` lays out. */
export interface MapParts {
  /** What the area is called by those who hear it. */
  readonly title: string;
  /** Width of the area over its height. */
  readonly aspect: number;
  /** What is in the area. */
  readonly content: Html;
  readonly axes?: readonly [x: Axis, y: Axis];
  readonly bar: { readonly label: string; readonly scale: ColorScale };
  /** Between the area and the line that is read. */
  readonly controls?: Html;
}

const percent = (value: number, [low, high]: Range): number =>
  Number(((100 * (value - low)) / (high - low)).toFixed(3));

export function mapBody({ title, aspect, content, axes, bar, controls }: MapParts): Html {
  const area = html`<div class="plot map-area" tabindex="0" role="group" aria-roledescription="map" aria-label="${title}: arrow keys read the values">${content}<span class="map-cursor" hidden></span></div>`;
  const scale = html`<div class="map-bar" style="--colors: ${gradientOf(bar.scale)}" aria-hidden="true">${ticksOf(bar.scale, "left")}<p>${bar.label}</p></div>`;
  const readout = html`${controls}<p class="readout" aria-live="polite"></p>`;
  const shape = Number(aspect.toPrecision(6));
  if (!axes) return html`<div class="map" style="--aspect: ${shape}">${area}${scale}</div>${readout}`;
  const [x, y] = axes;
  const widest = Math.max(1, ...ticksWithin(...y.range).map(({ label }) => label.length));
  return html`<div class="map with-axes" style="--aspect: ${shape}; --digits: ${widest}">
<div class="map-y" aria-hidden="true"><p>${y.label}</p><div>${ticksOf(y, "bottom")}</div></div>
${area}
<div class="map-x" aria-hidden="true"><div>${ticksOf(x, "left")}</div><p>${x.label}</p></div>
${scale}
</div>${readout}`;
}

function ticksOf({ range }: Pick<Axis, "range">, side: "left" | "bottom"): Html[] {
  return ticksWithin(...range).map(
    ({ value, label }) => html`<span style="${side}: ${percent(value, range)}%">${label}</span>`,
  );
}
