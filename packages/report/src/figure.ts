// What a figure is: a record of a kind; and what a kind is: how its figures become HTML, and what brings that to life.
import type { OptionTable } from "@hooke/runtime";
import type uPlot from "uplot";
import type { Html } from "./html.ts";

/** What every figure says of itself. */
export interface FigureText {
  readonly title: string;
  /** What is to be seen, in a sentence: also for those who do not see the figure. */
  readonly caption: string;
}

/** A figure as HTML. */
export interface Rendered<Data> {
  /** The figure in words, beyond its title and caption: read to those who do not see it. */
  readonly alternative: string;
  /** The figure itself, as it stands without scripts. */
  readonly body: Html;
  /** Said after the caption, e.g. how many of the rows are drawn. */
  readonly note?: string;
  /** Under the figure: the same for reading. */
  readonly below?: Html;
  /** For `draw`. Plain JSON: in a page, its numbers have seven digits if they are not whole. */
  readonly data?: Data;
}

/** What is at hand for drawing, in the reader's browser. */
export interface DrawingKit {
  /** The plotting library, for kinds that say `plots`. */
  readonly Plot: typeof uPlot;
  /** A colour of the page as it is shown now, e.g. `"--ink"`. */
  color(name: string): string;
  /** A number with four significant digits, or as many as asked for. */
  format(value: number, digits?: number): string;
  /** Writes into the figure's `.readout`, which is read aloud. */
  read(text: string): void;
}

/** What a kind has drawn. */
export interface Drawn<Data> {
  /**
   * Draws other data of the same figure in a page where it is live. By then its HTML is that of the new figure, but for elements that were rendered empty:
   * there, what was drawn still stands. Absent: it is removed and drawn anew.
   *
   * @returns false where it cannot be done, and must be drawn anew
   */
  update?(data: Data): boolean;
  /** Takes back all that was done. */
  remove(): void;
}

/** A kind of figures. `Options` are what its figures hold, `Data` what it draws from. */
export interface FigureKind<Options extends FigureText, Data = unknown> {
  /** A check for each thing that its figures hold beside title and caption. */
  readonly options: OptionTable<Omit<Options, keyof FigureText>>;
  /** Whether it takes the whole width, as tables do. */
  readonly wide?: boolean;
  /** Whether it draws with the plotting library. */
  readonly plots?: boolean;
  /**
   * The figure as HTML.
   *
   * @param who how errors start, e.g. `figure "Stress"`
   */
  render(options: Options, who: string): Rendered<Data> | Promise<Rendered<Data>>;
  /**
   * Draws into the figure, where it has data. Its source text is written into pages, so that it must not refer to anything
   * outside itself. It is called again when the reader switches between light and dark.
   */
  draw?(figure: HTMLElement, data: Data, kit: DrawingKit): Drawn<Data>;
}

/** A figure of a kind that `defineFigure` made. */
export interface CustomFigure extends FigureText {
  readonly kind: FigureKind<FigureText>;
}
