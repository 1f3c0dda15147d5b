// A picture of 8-bit pixels, with a heat map over it, such as what a network looked at.
import { checkOptions, checks, describe, fail, type HostArray, isHostArray, type OptionTable } from "@hooke/runtime";
import { drawMap } from "../drawing/draw-map.ts";
import { range, share, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { html } from "../html.ts";
import { colorScale, paletteCheck } from "../maps/color-scale.ts";
import { blankNote } from "../maps/field.ts";
import { encodeValues, type MapData, mapBody } from "../maps/map-body.ts";
import type { PaletteName } from "../maps/palettes.ts";
import { blank, type Pixels, pngAddress } from "../maps/png.ts";
import { extent, formatNumber } from "../numbers.ts";
import { clampNote } from "./field-map.ts";

/** Values over a picture, stretched to its size. */
export interface Overlay {
  /** What is shown, with its unit if it has one, e.g. `"weight for the class cracked"`. */
  readonly quantity: string;
  /** `[rows, columns]`, from the top left; any number of them. NaN is left blank. */
  readonly values: HostArray;
  /** The values at the ends of the colour bar; values beyond have the colours of its ends. Default: their extent. */
  readonly range?: readonly [low: number, high: number];
  /** As a field's: default diverging, blue below 0 and brown above, where the range has values of both signs. */
  readonly colors?: PaletteName;
  /** From 0 to 1, where the reader's slider starts. Default 0.5. */
  readonly opacity?: number;
}

/** A picture. */
export interface Picture extends FigureText {
  readonly width: number;
  readonly height: number;
  /** Rows from the top, a byte each for grey, three for red, green and blue, four with opacity. */
  readonly pixels: Uint8Array | Uint8ClampedArray;
  readonly overlay?: Overlay;
}

const overlayTable: OptionTable<Overlay> = {
  required: { quantity: text, values: (value) => (isHostArray(value) ? undefined : "an array") },
  optional: { range, colors: paletteCheck, opacity: share },
};

/** Narrower pictures are enlarged: their pixels stay sharp. Wider ones are smoothed when they shrink. */
const narrow = 400;

const colorsOf: Readonly<Record<number, Pixels["colors"]>> = { 1: "grey", 3: "rgb", 4: "rgba" };

export const picture: FigureKind<Picture, MapData> = {
  options: {
    required: {
      width: checks.count,
      height: checks.count,
      pixels: (value) =>
        value instanceof Uint8Array || value instanceof Uint8ClampedArray
          ? undefined
          : "a Uint8Array or Uint8ClampedArray",
    },
    optional: {
      overlay: (value) => {
        checkOptions<Overlay>("overlay", value, overlayTable);
        return undefined;
      },
    },
  },
  async render({ title, caption, width, height, pixels, overlay }, who) {
    const colors = colorsOf[pixels.length / (width * height)];
    if (colors === undefined) {
      fail(
        who,
        `it has ${pixels.length} bytes for ${width} x ${height} pixels; there are 1, 3 or 4 for each.`,
        "mismatch",
      );
    }
    const address = await pngAddress({ width, height, colors, data: pixels });
    const look = width < narrow ? " cells" : "";
    const size = `${width} by ${height} pixels`;
    if (!overlay) {
      return {
        alternative: `A picture of ${size}.`,
        body: html`<img class="picture${look}" style="--aspect: ${width / height}" width="${width}" height="${height}" alt="${caption}" src="${address}">`,
      };
    }
    const { quantity, values, opacity = 0.5 } = overlay;
    const { shape, data } = values;
    const [rows, columns] = shape;
    if (shape.length !== 2 || rows === 0 || columns === 0) {
      fail(who, `the overlay has values ${describe(values)}; it takes [rows, columns].`, "mismatch");
    }
    const found = extent(data);
    const scale = colorScale(found, overlay.range, overlay.colors);
    const indices = Uint8Array.from(data, (value) => (Number.isFinite(value) ? scale.index(value) : blank));
    const heat = await pngAddress({ width: columns!, height: rows!, colors: scale.palette, data: indices });
    return {
      alternative: `A picture of ${size}. Over it ${quantity}, ${rows} by ${columns} values${highest(values, width, height)}.`,
      note: [...scale.notes, ...clampNote(found, overlay.range), ...blankNote(data)].join(" "),
      body: mapBody({
        title,
        aspect: width / height,
        content: html`<img class="${look.trim()}" alt="" src="${address}"><img class="overlay" alt="" style="opacity: ${opacity}" src="${heat}">`,
        bar: { label: quantity, scale },
        controls: html`<label class="opacity" hidden>Opacity of the overlay <input type="range" min="0" max="100" value="${Math.round(100 * opacity)}"></label>`,
      }),
      data: {
        labels: ["column", "row", quantity],
        x: middles(columns!, width),
        y: middles(rows!, height),
        grid: true,
        values: encodeValues(data),
        xRange: [0, width],
        yRange: [height, 0],
      },
    };
  },
  draw: drawMap,
};

/** The middles of cells that a side of pixels is divided into. */
function middles(count: number, pixels: number): number[] {
  return Array.from({ length: count }, (_, i) => ((i + 0.5) * pixels) / count);
}

function highest({ data, shape }: HostArray, width: number, height: number): string {
  const [low, high] = extent(data);
  if (low > high) return ", none of them finite";
  const [rows, columns] = shape as [number, number];
  const index = data.indexOf(high);
  const column = middles(columns, width)[index % columns]!;
  const row = middles(rows, height)[Math.floor(index / columns)]!;
  return ` from ${formatNumber(low)} to ${formatNumber(high)}, the largest at column ${formatNumber(column)}, row ${formatNumber(row)}`;
}
