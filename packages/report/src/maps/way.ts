// A way through a field, drawn over its map.
import { fail } from "@hooke/runtime";
import { type Html, html } from "../html.ts";
import { formatNumber, type Range } from "../numbers.ts";

/** Points in the order in which they are passed, such as a minimizer's steps, a streamline, or a crack. */
export interface Way {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** Points passed one after the other without one between them that is not finite. */
function pieces({ x, y }: Way): number[][] {
  const found: number[][] = [];
  let before = false;
  for (let i = 0; i < x.length; i++) {
    const finite = Number.isFinite(x[i]) && Number.isFinite(y[i]);
    if (finite && before) found.at(-1)!.push(i);
    else if (finite) found.push([i]);
    before = finite;
  }
  return found;
}

/**
 * Its line, a ring where it starts and a dot where it ends.
 *
 * @throws if it has not a y for every x
 */
export function drawnWay(way: Way, xRange: Range, yRange: Range, who: string): Html {
  const { x, y } = way;
  if (x.length !== y.length || x.length === 0) {
    fail(
      who,
      `the way has ${x.length} values of x and ${y.length} of y; it has one of each for every point.`,
      "mismatch",
    );
  }
  const share = (value: number, [low, high]: Range): number =>
    Number(((100 * (value - low)) / (high - low)).toFixed(2));
  const [left, top] = [
    (i: number) => share(x[i]!, xRange),
    (i: number) => Number((100 - share(y[i]!, yRange)).toFixed(2)),
  ];
  const d = pieces(way)
    .map((points) => `M${points.map((i) => `${left(i)} ${top(i)}`).join("L")}`)
    .join("");
  const last = x.length - 1;
  const mark = (i: number, kind: string) =>
    Number.isFinite(x[i]) && Number.isFinite(y[i])
      ? html`<circle class="${kind}" cx="${left(i)}%" cy="${top(i)}%" r="5"/>`
      : undefined;
  return html`<svg class="way" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><path class="halo" d="${d}"/><path d="${d}"/></svg><svg class="way" aria-hidden="true">${mark(0, "start")}${mark(last, "end")}</svg>`;
}

/** Where it begins and ends, in words. */
export function describedWay({ x, y }: Way): string {
  const place = (i: number): string => `(${formatNumber(x[i]!)}, ${formatNumber(y[i]!)})`;
  return `; a way of ${x.length} points from ${place(0)} to ${place(x.length - 1)}`;
}
