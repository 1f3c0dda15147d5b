// Gradients of pieces of one array: right whatever the pieces are, and their work grows with the array, not with it times the pieces.
import { describe, expect, it } from "vitest";
import { sizeOf } from "../array.ts";
import { run } from "../compile.ts";
import { referenceBackend } from "../interpret.ts";
import { array } from "../make-array.ts";
import { add, mul } from "../ops/elementwise.ts";
import { sum } from "../ops/reduction.ts";
import { slice } from "../ops/slicing.ts";
import { optimize } from "../passes/optimize.ts";
import { record } from "../record.ts";
import type { Tensor } from "../tensor.ts";
import { grad } from "./grad.ts";

interface Window {
  readonly start: readonly number[];
  readonly limit: readonly number[];
  readonly strides?: readonly number[];
}

const counted = <T>(count: number, at: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => at(i));

/** Piece number i weighs i + 1. */
const energy =
  (windows: readonly Window[]) =>
  (x: Tensor): Tensor =>
    windows
      .map(({ start, limit, strides }, i) => {
        const piece = slice(x, start, limit, strides);
        return mul(i + 1, sum(mul(piece, piece)));
      })
      .reduce(add);

/** Whether a window holds a place, axis by axis. */
const holds = ({ start, limit, strides }: Window, at: readonly number[]): boolean =>
  at.every((i, axis) => i >= start[axis]! && i < limit[axis]! && (i - start[axis]!) % (strides?.[axis] ?? 1) === 0);

const row = (from: number, to: number): Window => ({ start: [from, 0], limit: [to, 6] });
const tiles = (rows: number, columns: number): Window[] =>
  counted(24 / (rows * columns), (i) => {
    const across = 6 / columns;
    const [top, left] = [rows * Math.floor(i / across), columns * (i % across)];
    return { start: [top, left], limit: [top + rows, left + columns] };
  });

describe("a gradient of pieces of one array", () => {
  it.each<[string, readonly Window[]]>([
    ["rows", [row(0, 1), row(1, 3), row(3, 4)]],
    ["rows in any order, some left out", [row(3, 4), row(1, 2)]],
    ["rows that overlap", [row(0, 2), row(1, 3), row(2, 4), row(0, 4)]],
    ["the same row again", [row(1, 2), row(1, 2), row(2, 3)]],
    ["columns", counted(6, (i) => ({ start: [0, i], limit: [4, i + 1] }))],
    ["tiles", tiles(2, 3)],
    ["single numbers", tiles(1, 1)],
    ["a diagonal", counted(4, (i) => ({ start: [i, i], limit: [i + 1, i + 1] }))],
    ["every second one, an empty one, and rows", [{ ...row(0, 4), strides: [2, 2] }, row(1, 1), row(0, 2), row(2, 4)]],
  ])("is right: %s", async (_, windows) => {
    const x = array(
      counted(24, (i) => i - 7),
      { shape: [4, 6], dtype: "f64" },
    );
    const at = (i: number) => [Math.floor(i / 6), i % 6];
    const weight = (i: number): number =>
      windows.reduce((total, window, n) => total + (holds(window, at(i)) ? n + 1 : 0), 0);
    const first = await run(referenceBackend(), grad(energy(windows)), x);
    expect([...first.data].map((value) => value + 0)).toEqual(counted(24, (i) => 2 * weight(i) * (i - 7) + 0));
    const second = await run(
      referenceBackend(),
      grad((y: Tensor) => sum(grad(energy(windows))(y))),
      x,
    );
    expect([...second.data].map((value) => value + 0)).toEqual(counted(24, (i) => 2 * weight(i)));
  });

  /** Numbers that all nodes of a program make. */
  const work = (windows: readonly Window[], shape: readonly number[], differentiate: typeof grad): number => {
    const { program } = record(differentiate(energy(windows)), { shape, dtype: "f64" });
    return optimize(program).nodes.reduce(
      (total, { outputs }) => total + outputs.reduce((size, output) => size + sizeOf(output.shape), 0),
      0,
    );
  };
  const rows = (count: number) => counted(count, (i) => ({ start: [8 * i, 0], limit: [8 * (i + 1), 5] }));
  const columns = (count: number) => counted(count, (i) => ({ start: [0, i], limit: [40, i + 1] }));
  const curvature = ((fn: (x: Tensor) => Tensor) => grad((x: Tensor) => sum(grad(fn)(x)))) as typeof grad;

  it.each([
    ["rows", (n: number) => work(rows(n), [8 * n, 5], grad)],
    ["columns", (n: number) => work(columns(n), [40, n], grad)],
    [
      "windows that overlap",
      (n: number) =>
        work(
          rows(n).map((w) => ({ ...w, limit: [w.limit[0]! + 8, 5] })),
          [8 * n + 8, 5],
          grad,
        ),
    ],
    ["rows, to second order", (n: number) => work(rows(n), [8 * n, 5], curvature)],
  ])("takes work in proportion to the array: %s", (_, measure) => {
    const [short, middle, long] = [20, 40, 60].map(measure) as [number, number, number];
    expect(long - middle).toBe(middle - short);
  });
});
