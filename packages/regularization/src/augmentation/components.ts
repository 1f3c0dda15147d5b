// Targets under an orthogonal map: scalars stay, the components of vectors and tensors turn with the axes.
import { fail } from "@hooke/runtime";
import { type Matrix, product, strainMatrix, stressMatrix, transposed } from "./orthogonal.ts";

/**
 * What the last axis of the targets holds, and so how it turns with the image.
 *
 * - `scalar`: any number of values that no rotation changes, such as a volume fraction or the modulus of an isotropic
 *   solid. A modulus *along x* is not one of them: it is a component of the compliance.
 * - `vector`: `[x, y(, z)]`, such as a displacement. `y` counts along the rows of the image, downwards.
 * - `stress`: Voigt, `[xx, yy, xy]` or `[xx, yy, zz, yz, xz, xy]`. `strain`: the same with engineering shears.
 * - `stiffness`, `compliance`: the `3 x 3` or `6 x 6` matrix between these, by rows.
 */
export type TargetKind = "scalar" | "vector" | "stress" | "strain" | "stiffness" | "compliance";

/** The kinds there are. */
export const targetKinds: readonly TargetKind[] = ["scalar", "vector", "stress", "strain", "stiffness", "compliance"];

/** Number of components of a kind in `size` dimensions; undefined for scalars, of which there may be any number. */
export function componentCount(kind: TargetKind, size: number): number | undefined {
  const voigt = size === 2 ? 3 : 6;
  switch (kind) {
    case "scalar":
      return undefined;
    case "vector":
      return size;
    case "stress":
    case "strain":
      return voigt;
    default:
      return voigt * voigt;
  }
}

/** Turns the components at every point of `values`, `[points, components]`, in place. */
export function turnComponents(kind: TargetKind, map: Matrix, values: Float32Array | Float64Array): void {
  const turn = turnOf(kind, map);
  if (turn === undefined) return;
  const { width, apply } = turn;
  if (values.length % width !== 0) {
    fail(
      "augment",
      `received targets of ${values.length} values, not a multiple of the ${width} components of a ${kind}.`,
      "mismatch",
    );
  }
  for (let at = 0; at < values.length; at += width) {
    values.set(apply(Array.from(values.subarray(at, at + width))), at);
  }
}

interface Turn {
  readonly width: number;
  readonly apply: (components: readonly number[]) => readonly number[];
}

const times = (matrix: Matrix, vector: readonly number[]): number[] =>
  matrix.map((row) => row.reduce((sum, value, j) => sum + value * vector[j]!, 0));

function turnOf(kind: TargetKind, map: Matrix): Turn | undefined {
  switch (kind) {
    case "scalar":
      return undefined;
    case "vector":
      return { width: map.length, apply: (components) => times(map, components) };
    case "stress":
      return linear(stressMatrix(map));
    case "strain":
      return linear(strainMatrix(map));
    case "stiffness":
      return congruent(stressMatrix(map));
    case "compliance":
      return congruent(strainMatrix(map));
  }
}

const linear = (matrix: Matrix): Turn => ({ width: matrix.length, apply: (components) => times(matrix, components) });

// sigma = C epsilon with sigma' = M sigma and epsilon' = M^-T epsilon gives C' = M C M^T, and S' = N S N^T with N =
// M^-T.
function congruent(matrix: Matrix): Turn {
  const size = matrix.length;
  return {
    width: size * size,
    apply: (components) => {
      const rows = Array.from({ length: size }, (_, i) => components.slice(i * size, (i + 1) * size));
      return product(product(matrix, rows), transposed(matrix)).flat();
    },
  };
}
