// Every kind of figures there is: a kind is a file in `figures/` and an entry here.
import type { CustomFigure, FigureKind } from "./figure.ts";
import { type Bars, bars } from "./figures/bars.ts";
import { type Confusion, confusion } from "./figures/confusion.ts";
import { type Curves, curves } from "./figures/curves.ts";
import { type FieldMap, fieldMap } from "./figures/field-map.ts";
import { type HistoryFigure, history } from "./figures/history.ts";
import { type Parity, parity, residuals } from "./figures/parity.ts";
import { type Picture, picture } from "./figures/picture.ts";
import { type Scatter, scatter } from "./figures/scatter.ts";
import { type TableFigure, table } from "./figures/table.ts";

/** What the figures of each kind hold. */
export interface Figures {
  readonly curves: Curves;
  readonly scatter: Scatter;
  readonly parity: Parity;
  readonly residuals: Parity;
  readonly confusion: Confusion;
  readonly bars: Bars;
  readonly table: TableFigure;
  readonly fieldMap: FieldMap;
  readonly picture: Picture;
  readonly history: HistoryFigure;
}

/** A figure of this package's kinds: plain data, so that packages that do not know this one can make it. */
export type KnownFigure = { readonly [K in keyof Figures]: Figures[K] & { readonly kind: K } }[keyof Figures];

/** A figure: plain data with the name of its kind, or what a function from `defineFigure` made. */
export type Figure = KnownFigure | CustomFigure;

/** How the figures of each kind become HTML. */
// biome-ignore lint/suspicious/noExplicitAny: what a kind draws from is its own affair
export const kinds: { readonly [K in keyof Figures]: FigureKind<Figures[K], any> } = {
  curves,
  scatter,
  parity,
  residuals,
  confusion,
  bars,
  table,
  fieldMap,
  picture,
  history,
};
