// Where voxels are: the three methods of the NIfTI standard.
// Source: nifti1.h, "3D image (volume) orientation and location in space", and nifti_quatern_to_mat44 of its library

/** A row of an {@link Affine}. */
export type AffineRow = readonly [number, number, number, number];
/** Takes the place of a voxel in the grid, `[x, y, z, 1]`, to its place in space: four rows of four. */
export type Affine = readonly [AffineRow, AffineRow, AffineRow, AffineRow];

/** What the header has for it. */
interface Stored {
  pixdim(index: number): number;
  quaternion(index: number): number;
  rows(index: number): number;
}

const last: AffineRow = [0, 0, 0, 1];

/** The affine by one of the three methods; `steps` are those along x, y and z. */
export function affineOf(from: "sform" | "qform" | "spacing", steps: readonly number[], stored: Stored): Affine {
  const [dx, dy, dz] = steps as [number, number, number];
  if (from === "sform") {
    const row = (i: number) => [0, 1, 2, 3].map((j) => stored.rows(4 * i + j)) as unknown as AffineRow;
    return [row(0), row(1), row(2), last];
  }
  if (from === "spacing") return [[dx, 0, 0, 0], [0, dy, 0, 0], [0, 0, dz, 0], last];
  let [b, c, d] = [0, 1, 2].map(stored.quaternion) as [number, number, number];
  const rest = 1 - (b * b + c * c + d * d);
  let a = Math.sqrt(Math.max(rest, 0));
  if (rest < 1e-7) {
    const length = Math.hypot(b, c, d);
    [a, b, c, d] = [0, b / length, c / length, d / length];
  }
  const flipped = dz * (stored.pixdim(0) < 0 ? -1 : 1);
  const [ox, oy, oz] = [3, 4, 5].map(stored.quaternion) as [number, number, number];
  return [
    [(a * a + b * b - c * c - d * d) * dx, 2 * (b * c - a * d) * dy, 2 * (b * d + a * c) * flipped, ox],
    [2 * (b * c + a * d) * dx, (a * a + c * c - b * b - d * d) * dy, 2 * (c * d - a * b) * flipped, oy],
    [2 * (b * d - a * c) * dx, 2 * (c * d + a * b) * dy, (a * a + d * d - c * c - b * b) * flipped, oz],
    last,
  ];
}
