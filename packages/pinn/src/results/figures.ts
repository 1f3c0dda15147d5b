// Figures as `@hooke/report` shows them: plain data, so that this package need not know that one.
import type { HostArray } from "@hooke/runtime";

/** A scalar field in the plane. */
export interface MapFigure {
  readonly kind: "fieldMap";
  readonly title: string;
  readonly caption: string;
  /** With its unit. */
  readonly quantity: string;
  /** `[rows, columns]` on a grid, `[points]` at points. NaN is left blank. */
  readonly values: HostArray;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly xLabel: string;
  readonly yLabel: string;
  /** Width over height, where the axes have different units. */
  readonly aspect?: number;
  readonly contours?: boolean;
  /** The values at the ends of the colour bar, where they are not the extent. */
  readonly range?: readonly [low: number, high: number];
  readonly colors?: "sequential" | "diverging";
}

/** Curves over one axis. */
export interface CurvesFigure {
  readonly kind: "curves";
  readonly title: string;
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: readonly number[];
  readonly series: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  readonly logarithmic?: boolean;
}

/** A table. */
export interface TableFigure {
  readonly kind: "table";
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly { readonly label: string; readonly unit?: string }[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

/** A figure of a solution. */
export type Figure = MapFigure | CurvesFigure | TableFigure;

/** Units by the name of a coordinate or quantity. */
export type Units = Readonly<Record<string, string>>;

/** A name with its unit, where it has one; that of `stress.xx` may be given for `stress`. */
export function labelOf(name: string, units: Units): string {
  const known = [name, name.split(".")[0]!].find((each) => Object.hasOwn(units, each));
  return known === undefined ? name : `${name} (${units[known]})`;
}
