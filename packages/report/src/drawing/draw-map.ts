// Runs in the reader's browser: reads the values of a map, and fades its overlay. Pages contain this function's source text, so
// that it must not refer to anything outside itself.
import type { DrawingKit, Drawn } from "../figure.ts";
import type { MapData } from "../maps/map-body.ts";

/** Reads the value under the pointer, or at the cell or point chosen with the arrow keys, and marks it. */
export function drawMap(figure: HTMLElement, data: MapData, kit: DrawingKit): Drawn<MapData> {
  const { x, y, grid, xRange, yRange, labels } = data;
  const area = figure.querySelector<HTMLElement>(".map-area")!;
  const cursor = figure.querySelector<HTMLElement>(".map-cursor")!;
  const bytes = new DataView(Uint8Array.from(atob(data.values), (character) => character.charCodeAt(0)).buffer);
  const share = (value: number, [from, to]: readonly [number, number]): number => (value - from) / (to - from);
  const columns = grid ? x.length : 1;
  const rows = grid ? y.length : x.length;
  // Rows go up in a field, down in a picture.
  const up = yRange[0] < yRange[1] ? 1 : -1;
  let chosen: readonly [row: number, column: number] | undefined;

  const choose = (row: number, column: number): void => {
    chosen = [row, column];
    const [atX, atY] = grid ? [x[column]!, y[row]!] : [x[row]!, y[row]!];
    const value = bytes.getFloat32(4 * (row * columns + column), true);
    const text = Number.isFinite(value) ? kit.format(value) : "no value";
    kit.read(`${labels[0]} ${kit.format(atX, 7)}, ${labels[1]} ${kit.format(atY, 7)}: ${labels[2]} ${text}`);
    cursor.hidden = false;
    cursor.style.left = `${100 * share(atX, xRange)}%`;
    cursor.style.top = `${100 * (1 - share(atY, yRange))}%`;
    cursor.style.width = `max(10px, ${grid ? 100 / columns : 0}%)`;
    cursor.style.height = `max(10px, ${grid ? 100 / rows : 0}%)`;
  };

  const onPointer = (event: PointerEvent): void => {
    const box = area.getBoundingClientRect();
    const [right, top] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
    const within = (index: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(index)));
    if (grid) {
      choose(within((up > 0 ? 1 - top : top) * rows, rows), within(right * columns, columns));
      return;
    }
    const distance = (i: number): number =>
      Math.hypot((share(x[i]!, xRange) - right) * box.width, (1 - share(y[i]!, yRange) - top) * box.height);
    let nearest = 0;
    for (let i = 1; i < x.length; i++) if (distance(i) < distance(nearest)) nearest = i;
    choose(nearest, 0);
  };

  const onKey = (event: KeyboardEvent): void => {
    // By rows and columns; points are rows, from left to right.
    const moves: Record<string, readonly [number, number]> = grid
      ? {
          ArrowLeft: [0, -1],
          ArrowRight: [0, 1],
          ArrowUp: [up, 0],
          ArrowDown: [-up, 0],
          Home: [0, -Infinity],
          End: [0, Infinity],
        }
      : { ArrowLeft: [-1, 0], ArrowRight: [1, 0], Home: [-Infinity, 0], End: [Infinity, 0] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    const [row, column] = chosen ?? [grid ? Math.floor(rows / 2) : 0, Math.floor(columns / 2)];
    const step = chosen ? move : [0, 0];
    choose(Math.min(rows - 1, Math.max(0, row + step[0]!)), Math.min(columns - 1, Math.max(0, column + step[1]!)));
  };

  const slider = figure.querySelector<HTMLInputElement>(".opacity input");
  const onSlide = (): void => {
    figure.querySelector<HTMLElement>(".overlay")!.style.opacity = String(Number(slider!.value) / 100);
  };
  area.addEventListener("pointermove", onPointer);
  area.addEventListener("pointerdown", onPointer);
  area.addEventListener("keydown", onKey);
  if (slider) {
    // Without scripts it would do nothing.
    slider.closest("label")!.hidden = false;
    slider.addEventListener("input", onSlide);
  }
  return {
    remove() {
      area.removeEventListener("pointermove", onPointer);
      area.removeEventListener("pointerdown", onPointer);
      area.removeEventListener("keydown", onKey);
      slider?.removeEventListener("input", onSlide);
      cursor.hidden = true;
    },
  };
}
