// Runs in the reader's browser: brings the figures of a report to life. Pages contain this function's source text, so that it
// must not refer to anything outside itself.
import type uPlot from "uplot";
import type { FigureKind, FigureText } from "../figure.ts";

/** Draws from a figure's data; see `FigureKind`. */
export type Draw = NonNullable<FigureKind<FigureText>["draw"]>;

/** A figure to draw: its place among all figures of the report, which function draws it, and from what. */
export type Drawing = readonly [place: number, draw: number, data: unknown];

/** @returns what takes back all it did */
export function startDrawing(
  root: ParentNode,
  draws: readonly Draw[],
  drawings: readonly Drawing[],
  Plot: typeof uPlot,
): () => void {
  const start = ([place, draw, data]: Drawing): (() => void) => {
    const figure = root.querySelector<HTMLElement>(`figure[data-place="${place}"]`)!;
    return draws[draw]!(figure, data, {
      Plot,
      color: (name) => getComputedStyle(figure).getPropertyValue(name).trim(),
      format: (value, digits = 4) => String(Number(value.toPrecision(digits))),
      read: (text) => {
        const readout = figure.querySelector(".readout");
        if (readout) readout.textContent = text;
      },
    });
  };
  let removers = drawings.map(start);
  const restart = (): void => {
    for (const remove of removers) remove();
    removers = drawings.map(start);
  };
  // Colours are read when drawing.
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", restart);
  return () => {
    dark.removeEventListener("change", restart);
    for (const remove of removers) remove();
  };
}
