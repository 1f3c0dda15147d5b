// Runs in the reader's browser: brings the figures of a report to life. Pages contain this function's source text, so that it
// must not refer to anything outside itself.
import type uPlot from "uplot";
import type { Drawn, FigureKind, FigureText } from "../figure.ts";

/** Draws from a figure's data; see `FigureKind`. */
export type Draw = NonNullable<FigureKind<FigureText>["draw"]>;

/** A figure to draw: its place among all figures of the report, which function draws it, and from what. */
export type Drawing = readonly [place: number, draw: number, data: unknown];

/** All figures of a report that are drawn. */
export interface Drawings {
  /** Draws what is new or has changed. `patch` makes the page what it is now; drawings that cannot follow are taken away before. */
  update(draws: readonly Draw[], drawings: readonly Drawing[], patch: () => void): void;
  /** Takes back all it did. */
  remove(): void;
}

export function startDrawing(
  root: ParentNode,
  draws: readonly Draw[],
  drawings: readonly Drawing[],
  Plot: typeof uPlot,
): Drawings {
  interface Live {
    readonly draw: Draw;
    readonly data: unknown;
    readonly figure: HTMLElement;
    readonly drawn: Drawn<unknown>;
  }
  const live = new Map<number, Live>();

  const read = (figure: HTMLElement, text: string): void => {
    const readout = figure.querySelector(".readout");
    if (readout) readout.textContent = text;
  };
  const start = (place: number, draw: Draw, data: unknown): void => {
    const figure = root.querySelector<HTMLElement>(`figure[data-place="${place}"]`)!;
    const drawn = draw(figure, data, {
      Plot,
      color: (name) => getComputedStyle(figure).getPropertyValue(name).trim(),
      format: (value, digits = 4) => String(Number(value.toPrecision(digits))),
      read: (text) => read(figure, text),
    });
    live.set(place, { draw, data, figure, drawn });
  };
  const stop = (place: number): void => {
    const { drawn, figure } = live.get(place)!;
    drawn.remove();
    // What was read is no longer marked, and may no longer be true.
    read(figure, "");
    live.delete(place);
  };
  const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

  for (const [place, draw, data] of drawings) start(place, draws[draw]!, data);
  // Colours are read when drawing.
  const restart = (): void => {
    for (const [place, { draw, data }] of [...live]) {
      stop(place);
      start(place, draw, data);
    }
  };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", restart);
  return {
    update(draws, drawings, patch) {
      const next = new Map(drawings.map(([place, draw, data]) => [place, { draw: draws[draw]!, data }]));
      for (const [place, { draw, data, drawn }] of [...live]) {
        const after = next.get(place);
        const stays = after?.draw === draw && (drawn.update || isSame(after.data, data));
        if (!stays) stop(place);
      }
      patch();
      for (const [place, { draw, data }] of next) {
        const before = live.get(place);
        if (before && isSame(before.data, data)) continue;
        if (before?.drawn.update?.(data)) {
          live.set(place, { ...before, data });
          continue;
        }
        if (before) stop(place);
        start(place, draw, data);
      }
    },
    remove() {
      dark.removeEventListener("change", restart);
      for (const place of [...live.keys()]) stop(place);
    },
  };
}
