// Figures as `@hooke/report` shows them: plain data, so that this package need not know that one.

/** Curves over one axis. */
export interface CurvesFigure {
  readonly kind: "curves";
  readonly title: string;
  readonly caption: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly x: readonly number[];
  readonly series: readonly { readonly label: string; readonly values: readonly number[] }[];
}

/** A table. */
export interface TableFigure {
  readonly kind: "table";
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly { readonly label: string }[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A picture. */
export interface PictureFigure {
  readonly kind: "picture";
  readonly title: string;
  readonly caption: string;
  readonly width: number;
  readonly height: number;
  /** Rows from the top, a byte each for grey, three for red, green and blue. */
  readonly pixels: Uint8Array;
}
