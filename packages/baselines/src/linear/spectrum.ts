// Rows by their principal directions: from them every penalty of a linear fit follows at once.
import { symmetricEigen } from "./eigen.ts";
import type { Rest } from "./rest.ts";
import type { Rows } from "./rows.ts";

/** `Z = U diag(sqrt(values)) V^T`, without directions in which no row differs. */
export interface Spectrum {
  readonly rank: number;
  /** The eigenvalues of `Z Z^T`, largest first. */
  readonly values: Float64Array;
  /** `U` by columns, `[rank, rows]`. */
  readonly left: Float64Array;
}

/** Of the smaller of `Z Z^T` and `Z^T Z`. @throws what `rest` throws */
export async function spectrumOf({ count, width, data }: Rows, rest: Rest): Promise<Spectrum> {
  const dual = count <= width;
  const n = dual ? count : width;
  const gram = dual
    ? await productsOfRows(data, count, width, rest)
    : await productsOfColumns(data, count, width, rest);
  const { values, vectors } = await symmetricEigen(gram, n, rest);
  const least = values[0]! * Number.EPSILON * Math.max(count, width) * (dual ? 1 : 16);
  const dropped = values.findIndex((value) => !(value > least));
  const rank = dropped < 0 ? n : dropped;
  const left = dual ? vectors.slice(0, rank * n) : new Float64Array(rank * count);
  if (!dual) {
    for (let k = 0; k < rank; k++) {
      const size = Math.sqrt(values[k]!);
      for (let i = 0; i < count; i++) {
        let sum = 0;
        for (let j = 0; j < width; j++) sum += data[i * width + j]! * vectors[k * width + j]!;
        left[k * count + i] = sum / size;
      }
    }
  }
  return { rank, values: values.slice(0, rank), left };
}

/** `Z^T (U g)`: coordinates along the directions as weights of features. `g` is `[rank]`. */
export function weightsOf({ count, width, data }: Rows, { rank, left }: Spectrum, g: Float64Array): Float64Array {
  const byRow = new Float64Array(count);
  for (let k = 0; k < rank; k++) for (let i = 0; i < count; i++) byRow[i]! += g[k]! * left[k * count + i]!;
  const weights = new Float64Array(width);
  for (let i = 0; i < count; i++) for (let j = 0; j < width; j++) weights[j]! += byRow[i]! * data[i * width + j]!;
  return weights;
}

async function productsOfRows(data: Float64Array, count: number, width: number, rest: Rest): Promise<Float64Array> {
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    await rest();
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0, [a, b] = [i * width, j * width]; k < width; k++, a++, b++) sum += data[a]! * data[b]!;
      gram[i * count + j] = sum;
      gram[j * count + i] = sum;
    }
  }
  return gram;
}

async function productsOfColumns(data: Float64Array, count: number, width: number, rest: Rest): Promise<Float64Array> {
  const gram = new Float64Array(width * width);
  for (let row = 0; row < count; row++) {
    await rest();
    const from = row * width;
    for (let i = 0; i < width; i++) {
      const value = data[from + i]!;
      for (let j = 0; j <= i; j++) gram[i * width + j]! += value * data[from + j]!;
    }
  }
  for (let i = 0; i < width; i++) for (let j = 0; j < i; j++) gram[j * width + i] = gram[i * width + j]!;
  return gram;
}
