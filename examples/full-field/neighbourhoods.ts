// Ridge regression on neighbourhoods: a field at a pixel is linear in the mean strain times the phases around it, by the phase of the pixel itself.
import {
  add,
  array,
  type Backend,
  compile,
  type HostArray,
  matmul,
  mean,
  mul,
  run,
  solvePositive,
  type Tensor,
  transpose,
} from "@hooke/runtime";

/** Pixels on each side of the one in the middle. */
const reach = 4;
const window = (2 * reach + 1) ** 2;
/** The mean strain alone, and times each phase around. */
const width = 3 * (window + 1);

/** Pixels of a phase that are fitted: neighbours tell nearly the same. */
const enough = 10_000;

export interface Cells {
  /** `[cells, side, side]`. */
  readonly stiff: HostArray;
  /** `[cells, 3]`. */
  readonly load: HostArray;
}

/** Fits a regression for the pixels of each phase, and returns what predicts `[cells, side, side, channels]`, row by row. */
export async function fitNeighbourhoods(
  backend: Backend,
  cells: Cells,
  fields: HostArray,
): Promise<(cells: Cells) => Promise<Float64Array>> {
  const channels = fields.shape[3]!;
  const solved = (rows: Tensor, targets: Tensor): Tensor => {
    const products = matmul(transpose(rows, [1, 0]), rows);
    // 1e-4 of the mean eigenvalue.
    const penalty = mul(mean(mul(products, unit)), 1e-4 * width);
    return solvePositive(add(products, mul(unit, penalty)), matmul(transpose(rows, [1, 0]), targets));
  };
  const laws: HostArray[] = [];
  for (const phase of [0, 1]) {
    const all = pixelsOf(cells, phase);
    const step = Math.max(1, all.length / enough);
    const pixels = Array.from({ length: Math.min(all.length, enough) }, (_, i) => all[Math.floor(i * step)]!);
    const targets = pixels.flatMap((pixel) => [...fields.data.slice(pixel * channels, (pixel + 1) * channels)]);
    laws.push(
      await run(
        backend,
        solved,
        rowsOf(cells, pixels),
        array(Float64Array.from(targets), { shape: [pixels.length, channels] }),
      ),
    );
  }
  return async (asked) => {
    const predicted = new Float64Array(asked.stiff.data.length * channels);
    const apply = compile(backend, (rows: Tensor, weights: Tensor) => matmul(rows, weights));
    for (const [phase, law] of laws.entries()) {
      const pixels = pixelsOf(asked, phase);
      for (let from = 0; from < pixels.length; from += 4096) {
        const some = pixels.slice(from, from + 4096);
        const { data } = await apply(rowsOf(asked, some), law);
        for (const [i, pixel] of some.entries()) {
          predicted.set((data as Float64Array).subarray(i * channels, (i + 1) * channels), pixel * channels);
        }
      }
    }
    apply.free();
    return predicted;
  };
}

const unit = array(
  Float64Array.from({ length: width ** 2 }, (_, i) => (i % (width + 1) === 0 ? 1 : 0)),
  { shape: [width, width] },
);

/** Pixels of one phase, of all cells. */
function pixelsOf({ stiff }: Cells, phase: number): number[] {
  return Array.from(stiff.data.keys()).filter((pixel) => (stiff.data[pixel]! > 0.5 ? 1 : 0) === phase);
}

function rowsOf({ stiff, load }: Cells, pixels: readonly number[]): HostArray {
  const side = stiff.shape[1]!;
  const wrapped = (index: number): number => (index + side) % side;
  const rows = new Float64Array(pixels.length * width);
  let at = 0;
  for (const pixel of pixels) {
    const cell = Math.floor(pixel / side ** 2);
    const [x, y] = [pixel % side, Math.floor(pixel / side) % side];
    for (let c = 0; c < 3; c++) rows[at++] = load.data[3 * cell + c]!;
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const phase = stiff.data[(cell * side + wrapped(y + dy)) * side + wrapped(x + dx)]!;
        for (let c = 0; c < 3; c++) rows[at++] = phase * load.data[3 * cell + c]!;
      }
    }
  }
  return array(rows, { shape: [pixels.length, width] });
}
