// The linear filter of phases: each frequency of a field is a linear function of the mean strain, times that frequency of the phases.
//
// It is the best of all that is linear in the geometry and in the load: what perturbation theory finds of small contrasts, fitted to large ones.
import { leastSquares } from "@hooke/example-bone-voxels/regression.ts";
import {
  add,
  array,
  type Backend,
  type Complex,
  compile,
  concat,
  type HostArray,
  irfft,
  matmul,
  mean,
  mul,
  reshape,
  rfft,
  run,
  sliceAxis,
  solvePositive,
  sub,
  type Tensor,
  transpose,
} from "@hooke/runtime";

/** A filter that is fitted. */
export interface Filter {
  /**
   * Predicts fields `[cells, side, side, channels]`.
   *
   * @param stiff `[cells, side, side]`
   * @param load `[cells, 3]`
   */
  predict(stiff: HostArray, load: HostArray): Promise<HostArray>;
  /** Gives its memory on the backend back. */
  free(): void;
}

/** Fits each frequency by itself, in f64, and the means of cells to the load and the load times the share of the stiff phase. */
export async function fitFilter(
  backend: Backend,
  stiff: HostArray,
  load: HostArray,
  fields: HostArray,
): Promise<Filter> {
  const [, side, , channels] = fields.shape as [number, number, number, number];
  const filters = await run(backend, fitted, stiff, load, fields);
  const rows = meanRows(stiff, load);
  const means = meansOf(fields);
  const coefficients = Array.from({ length: channels }, (_, c) =>
    leastSquares(
      rows,
      means.map((row) => row[c]!),
    ),
  );
  const fluctuations = compile(backend, (stiff: Tensor, load: Tensor, filters: Tensor) =>
    filtered(stiff, load, filters, channels),
  );
  return {
    async predict(stiff, load) {
      const found = await fluctuations(stiff, load, filters);
      const added = meanRows(stiff, load).map((row) =>
        coefficients.map((each) => each.reduce((sum, value, i) => sum + value * row[i]!, 0)),
      );
      const size = side ** 2 * channels;
      const data = Float64Array.from(found.data, (value, i) => value + added[Math.floor(i / size)]![i % channels]!);
      return { ...found, dtype: "f64", data };
    },
    free: () => fluctuations.free(),
  };
}

/** `[cells, frequencies]`, those of the phases beyond their mean. */
function spectrumOf(stiff: Tensor): Complex {
  const { re, im } = rfft(sub(stiff, mean(stiff, { axes: [1, 2], keepDims: true })), { axes: [1, 2] });
  const cells = stiff.shape[0]!;
  return { re: reshape(re, [cells, -1]), im: reshape(im, [cells, -1]) };
}

/** `[frequencies, 3, 2 channels]`: real parts, then imaginary ones. */
function fitted(stiff: Tensor, load: Tensor, fields: Tensor): Tensor {
  const [cells, , , channels] = fields.shape as [number, number, number, number];
  const { re, im } = spectrumOf(stiff);
  const frequencies = re.shape[1]!;
  const pairs = reshape(mul(reshape(load, [cells, 3, 1]), reshape(load, [cells, 1, 3])), [cells, 9]);
  const power = add(mul(re, re), mul(im, im));
  const products = reshape(matmul(transpose(power, [1, 0]), pairs), [frequencies, 3, 3]);
  // Where there is next to nothing, and at frequency 0 where there is nothing, the filter is 0.
  const least = mul(mean(products), 1e-6);
  const unit = array(
    [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    { dtype: "f64" },
  );
  const spectrum = rfft(fields, { axes: [1, 2] });
  const [p, q] = [re, im].map((part) => reshape(part, [cells, frequencies, 1])) as [Tensor, Tensor];
  const [r, s] = [spectrum.re, spectrum.im].map((part) => reshape(part, [cells, frequencies, channels])) as [
    Tensor,
    Tensor,
  ];
  const against = concat([add(mul(p, r), mul(q, s)), sub(mul(p, s), mul(q, r))], 2);
  const sums = matmul(transpose(reshape(against, [cells, -1]), [1, 0]), load);
  const right = transpose(reshape(sums, [frequencies, 2 * channels, 3]), [0, 2, 1]);
  return solvePositive(add(products, mul(unit, least)), right);
}

function filtered(stiff: Tensor, load: Tensor, filters: Tensor, channels: number): Tensor {
  const [cells, side] = stiff.shape as [number, number, number];
  const { re, im } = spectrumOf(stiff);
  const frequencies = re.shape[1]!;
  const [p, q] = [re, im].map((part) => reshape(part, [cells, frequencies, 1])) as [Tensor, Tensor];
  const byLoad = matmul(load, reshape(transpose(filters, [1, 0, 2]), [3, -1]));
  const all = reshape(byLoad, [cells, frequencies, 2 * channels]);
  const [r, s] = [sliceAxis(all, 2, 0, channels), sliceAxis(all, 2, channels, 2 * channels)];
  const grid = [cells, side, side / 2 + 1, channels];
  return irfft(
    {
      re: reshape(sub(mul(p, r), mul(q, s)), grid),
      im: reshape(add(mul(p, s), mul(q, r)), grid),
    },
    { axes: [1, 2] },
  );
}

/** The mean strain, and the share of the stiff phase times it. */
function meanRows(stiff: HostArray, load: HostArray): number[][] {
  return meansOf({ ...stiff, shape: [...stiff.shape, 1] }).map(([share], cell) => {
    const strain = Array.from(load.data.slice(3 * cell, 3 * cell + 3));
    return [...strain, ...strain.map((component) => share! * component)];
  });
}

/** Of the pixels of each cell, by channel. */
function meansOf({ data, shape }: HostArray): number[][] {
  const [cells, , , channels] = shape as [number, number, number, number];
  const size = data.length / cells;
  return Array.from({ length: cells }, (_, cell) => {
    const means = new Array<number>(channels).fill(0);
    for (let i = 0; i < size; i++) means[i % channels]! += data[cell * size + i]! / (size / channels);
    return means;
  });
}
