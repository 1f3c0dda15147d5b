// What predicts fields without a network: uniform cells, uniform phases, and two linear regressions on the phases of other pixels.
import { leastSquares } from "@hooke/example-bone-voxels/regression.ts";
import type { Backend, HostArray } from "@hooke/runtime";
import { fitFilter } from "./linear-filter.ts";
import { type Cells, fitNeighbourhoods } from "./neighbourhoods.ts";
import { type Sample, someRows, targetNames } from "./sample.ts";

/** Fields of the cells asked after, `[asked, side, side, 5]` row by row, from those that are known. */
export type Rival = (
  backend: Backend,
  sample: Sample,
  known: readonly number[],
  asked: readonly number[],
) => Promise<Float64Array>;

const width = targetNames.length;

/** Stresses that are the same in all pixels of a kind, by least squares a matrix times the mean strain; no displacement but that of the mean strain. */
const uniform =
  (kindOf: (stiff: number) => number): Rival =>
  async (_, { data: { targets }, stiff, load }, known, asked) => {
    const pixels = stiff.shape[1]! ** 2;
    const strain = (cell: number): number[] => Array.from(load.data.slice(3 * cell, 3 * cell + 3));
    const laws = [0, 1].map((kind) => {
      const rows = known
        .map((cell) => ({ strain: strain(cell), stress: meanStress(cell, kind) }))
        .filter(({ stress }) => stress);
      return [0, 1, 2].map((component) =>
        rows.length === 0
          ? [0, 0, 0]
          : leastSquares(
              rows.map(({ strain }) => strain),
              rows.map(({ stress }) => stress![component]!),
            ),
      );
    });
    function meanStress(cell: number, kind: number): number[] | undefined {
      const sums = [0, 0, 0];
      let count = 0;
      for (let pixel = cell * pixels; pixel < (cell + 1) * pixels; pixel++) {
        if (kindOf(stiff.data[pixel]!) !== kind) continue;
        count++;
        for (let c = 0; c < 3; c++) sums[c]! += targets.data[pixel * width + 2 + c]!;
      }
      return count === 0 ? undefined : sums.map((sum) => sum / count);
    }
    return Float64Array.from({ length: asked.length * pixels * width }, (_, i) => {
      const [pixel, channel] = [Math.floor(i / width), i % width];
      if (channel < 2) return 0;
      const cell = asked[Math.floor(pixel / pixels)]!;
      const law = laws[kindOf(stiff.data[cell * pixels + (pixel % pixels)]!)]![channel - 2]!;
      return strain(cell).reduce((sum, value, j) => sum + value * law[j]!, 0);
    });
  };

const cellsOf = ({ stiff, load }: Sample, rows: readonly number[]): Cells => ({
  stiff: someRows(stiff, rows),
  load: someRows(load, rows),
});

/** In f64, which regressions are fitted in. */
function fieldsOf({ data: { targets } }: Sample, rows: readonly number[]): HostArray {
  const some = someRows(targets, rows);
  return { ...some, dtype: "f64", data: Float64Array.from(some.data) };
}

const neighbourhoods: Rival = async (backend, sample, known, asked) => {
  const predict = await fitNeighbourhoods(backend, cellsOf(sample, known), fieldsOf(sample, known));
  return predict(cellsOf(sample, asked));
};

/** The linear filter of the cells that are known; `predict` gives `[asked, side, side, 5]`, row by row. */
export async function filterOf(backend: Backend, sample: Sample, known: readonly number[]) {
  const { stiff, load } = cellsOf(sample, known);
  const filter = await fitFilter(backend, stiff, load, fieldsOf(sample, known));
  return {
    async predict(asked: readonly number[]): Promise<Float64Array> {
      const { stiff, load } = cellsOf(sample, asked);
      return (await filter.predict(stiff, load)).data as Float64Array;
    },
    free: filter.free,
  };
}

const linearFilter: Rival = async (backend, sample, known, asked) => {
  const filter = await filterOf(backend, sample, known);
  try {
    return await filter.predict(asked);
  } finally {
    filter.free();
  }
};

/** From the simplest. */
export const rivals: Readonly<Record<string, Rival>> = {
  "uniform cell": uniform(() => 0),
  "uniform phases": uniform((stiff) => (stiff > 0.5 ? 1 : 0)),
  "linear filter": linearFilter,
  "ridge on neighbourhoods": neighbourhoods,
};
