// A scalar field as a heat map: on a regular grid, or at scattered points.
import { type Check, checks, describe, fail, type HostArray, isHostArray } from "@hooke/runtime";
import { drawMap } from "../drawing/draw-map.ts";
import { numbers, range, record, text } from "../expected.ts";
import type { FigureKind, FigureText } from "../figure.ts";
import { type Html, html } from "../html.ts";
import { type ColorScale, colorAt, colorScale, paletteCheck } from "../maps/color-scale.ts";
import { contourPath } from "../maps/contours.ts";
import { type Field, fieldOf } from "../maps/field.ts";
import { encodeValues, type MapData, mapBody } from "../maps/map-body.ts";
import type { PaletteName } from "../maps/palettes.ts";
import { blank, pngAddress } from "../maps/png.ts";
import { describedWay, drawnWay, type Way } from "../maps/way.ts";
import { extent, formatNumber, type Range, ticksWithin } from "../numbers.ts";

/** A scalar field in the plane. */
export interface FieldMap extends FigureText {
  /** What is shown, with its unit, e.g. `"temperature (K)"`. */
  readonly quantity: string;
  /** `[rows, columns]`: on a regular grid, a row per `y` and a column per `x`. `[points]`: at points (x, y). NaN is left blank. */
  readonly values: HostArray;
  /** Ascending; evenly spaced for a grid. */
  readonly x: ArrayLike<number>;
  /** Upwards; evenly spaced for a grid. */
  readonly y: ArrayLike<number>;
  readonly xLabel: string;
  readonly yLabel: string;
  /** The values at the ends of the colour bar; values beyond have the colours of its ends. Default: their extent. */
  readonly range?: readonly [low: number, high: number];
  /**
   * `"sequential"`, from dark to light, or `"diverging"`, blue below 0 and brown above, equally dark at equal sizes. Default: diverging
   * where the range has values of both signs.
   */
  readonly colors?: PaletteName;
  /** Whether a grid has contour lines, at the values that the colour bar labels. Default false. */
  readonly contours?: boolean;
  /** A way through the field, drawn over it. What leaves the map is not seen. Default: none. */
  readonly way?: Way;
  /** Width of the map over its height, for axes of different units. Default: a unit is as long on both axes. */
  readonly aspect?: number;
}

const wayCheck: Check = (value) => {
  const { x, y } = (record(value) === undefined ? value : {}) as Partial<Way>;
  return (numbers(x) ?? numbers(y)) ? "{ x, y }, lists of numbers" : undefined;
};

export const fieldMap: FigureKind<FieldMap, MapData> = {
  options: {
    required: {
      quantity: text,
      values: (value) => (isHostArray(value) ? undefined : "an array"),
      x: numbers,
      y: numbers,
      xLabel: text,
      yLabel: text,
    },
    optional: { range, colors: paletteCheck, contours: checks.flag, way: wayCheck, aspect: checks.positive },
  },
  async render(figure, who) {
    const { title, quantity, xLabel, yLabel, contours = false, way } = figure;
    const field = fieldOf(figure, who);
    if (contours && !field.grid) {
      fail(
        who,
        `option "contours" is true for values ${describe(figure.values)}; contours need a grid.`,
        "unsupported",
      );
    }
    const { x, y, xRange, yRange, values, grid, whole } = field;
    const found = extent(whole.values);
    const scale = colorScale(found, figure.range, figure.colors);
    const map = grid ? await gridContent(field, scale, contours) : pointsContent(field, scale);
    const content = way ? html`${map}${drawnWay(way, xRange, yRange, who)}` : map;
    const aspect = figure.aspect ?? (xRange[1] - xRange[0]) / (yRange[1] - yRange[0]);
    return {
      alternative: `${quantity} over ${xLabel} and ${yLabel}, ${countOf(field)}${described(field)}${way ? describedWay(way) : ""}.`,
      note: [...field.notes, ...scale.notes, ...clampNote(found, figure.range)].join(" "),
      body: mapBody({
        title,
        aspect,
        content,
        axes: [
          { label: xLabel, range: xRange },
          { label: yLabel, range: yRange },
        ],
        bar: { label: quantity, scale },
      }),
      data: { labels: [xLabel, yLabel, quantity], x, y, grid, values: encodeValues(values), xRange, yRange },
    };
  },
  draw: drawMap,
};

/** Says that colours do not tell values beyond the range apart. */
export function clampNote([low, high]: Range, range: Range | undefined): string[] {
  if (!range || (low >= range[0] && high <= range[1]) || low > high) return [];
  return [
    `Values from ${formatNumber(low)} to ${formatNumber(high)} are shown in colours from ${formatNumber(range[0])} to ${formatNumber(range[1])}; beyond, the colour stays the same.`,
  ];
}

async function gridContent({ x, y, values }: Field, scale: ColorScale, contours: boolean): Promise<Html> {
  const [rows, columns] = [y.length, x.length];
  const indices = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = values[row * columns + column]!;
      // Images start at the top.
      indices[(rows - 1 - row) * columns + column] = Number.isFinite(value) ? scale.index(value) : blank;
    }
  }
  const address = await pngAddress({ width: columns, height: rows, colors: scale.palette, data: indices });
  const image = html`<img class="cells" alt="" src="${address}">`;
  if (!contours) return image;
  const path = ticksWithin(...scale.range)
    .map(({ value }) => contourPath({ rows, columns, values }, value))
    .join("");
  return html`${image}<svg class="contours" viewBox="0 0 ${columns} ${rows}" preserveAspectRatio="none" aria-hidden="true"><path class="halo" d="${path}"/><path d="${path}"/></svg>`;
}

function pointsContent({ x, y, values, xRange, yRange }: Field, scale: ColorScale): Html {
  const place = (value: number, [low, high]: Range) => Number(((100 * (value - low)) / (high - low)).toFixed(2));
  const dots = x.map((at, i) =>
    Number.isFinite(values[i])
      ? html`<circle cx="${place(at, xRange)}%" cy="${Number((100 - place(y[i]!, yRange)).toFixed(2))}%" r="4" fill="${colorAt(scale.palette, scale.index(values[i]!))}"/>`
      : undefined,
  );
  return html`<svg class="dots" aria-hidden="true">${dots}</svg>`;
}

function countOf({ grid, whole: { x, y } }: Field): string {
  if (grid) return `${y.length} by ${x.length} values`;
  return x.length === 1 ? "1 point" : `${x.length.toLocaleString("en")} points`;
}

/** Where the smallest and the largest value are. */
function described({ grid, whole: { x, y, values } }: Field): string {
  const [low, high] = extent(values);
  if (low > high) return ", none of them finite";
  const where = (value: number): string => {
    const index = values.indexOf(value);
    const [column, row] = grid ? [index % x.length, Math.floor(index / x.length)] : [index, index];
    return `${formatNumber(value)} at (${formatNumber(x[column]!)}, ${formatNumber(y[row]!)})`;
  };
  return `: from ${where(low)} to ${where(high)}`;
}
