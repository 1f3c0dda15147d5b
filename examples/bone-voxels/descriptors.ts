// What morphometry knows of a trabecular structure: how much bone, how thick, how much of it along one direction.
import type { Volume } from "./homogenize.ts";
import { leastSquares } from "./regression.ts";

/** The standard names (Parfitt et al., J. Bone Miner. Res. 2, 1987). */
export interface Descriptors {
  /** BV/TV, the share of bone. */
  readonly fraction: number;
  /** Tb.Th, the mean thickness of trabeculae, in voxels. */
  readonly thickness: number;
  /** DA, the degree of anisotropy: the longest over the shortest mean intercept length; 1 where all directions are alike. */
  readonly anisotropy: number;
}

/** Measures periodic volumes of `side ** 3` voxels. @throws where there is no bone, or nothing else */
export function morphometry(side: number): (bone: Volume) => Descriptors {
  const thicknessOf = localThickness(side);
  return (bone) => {
    let count = 0;
    for (let i = 0; i < bone.length; i++) count += bone[i]!;
    if (count === 0 || count === bone.length) {
      throw new Error(`morphometry: received ${count === 0 ? "no bone" : "nothing but bone"}; give a volume of both.`);
    }
    const thickness = thicknessOf(bone).reduce((sum, value) => sum + value, 0) / count;
    return { fraction: count / bone.length, thickness, anisotropy: anisotropy(bone, side) };
  };
}

/** Where a voxel is after a step, in volumes that continue on their opposite sides. */
const wrapped = (index: number, side: number): number => (index + side) & (side - 1);

/**
 * At every voxel of bone the diameter of the largest sphere that lies in bone, voxels being cubes, and holds the voxel's centre, in voxels;
 * 0 elsewhere. Hildebrand and Rüegsegger, J. Microsc. 185, 1997. Spheres are centred on centres, faces, edges and corners of voxels, so that
 * plates along the grid are exact.
 */
export function localThickness(side: number): (bone: Volume) => Float64Array {
  // From a sphere's centre to all voxels, the nearest first, for each way in which the centre lies between them.
  const nearest = Array.from({ length: 8 }, (_, parity) => {
    const odd = [parity & 1, (parity >> 1) & 1, parity >> 2] as const;
    const voxels: { x: number; y: number; z: number; toCube: number; toCentre: number }[] = [];
    for (let z = -side / 2; z < side / 2; z++) {
      for (let y = -side / 2; y < side / 2; y++) {
        for (let x = -side / 2; x < side / 2; x++) {
          const centre = [x + odd[0] / 2, y + odd[1] / 2, z + odd[2] / 2];
          const toCube = Math.hypot(...centre.map((distance) => Math.max(0, Math.abs(distance) - 0.5)));
          voxels.push({ x: x + odd[0], y: y + odd[1], z: z + odd[2], toCube, toCentre: Math.hypot(...centre) });
        }
      }
    }
    return voxels.sort((a, b) => a.toCube - b.toCube);
  });
  return (bone) => {
    const found = new Float64Array(side ** 3);
    for (const voxels of nearest) {
      for (let z = 0; z < side; z++) {
        for (let y = 0; y < side; y++) {
          for (let x = 0; x < side; x++) {
            const at = (to: (typeof voxels)[number]): number =>
              (wrapped(z + to.z, side) * side + wrapped(y + to.y, side)) * side + wrapped(x + to.x, side);
            let outside = 0;
            while (bone[at(voxels[outside]!)]! > 0.5) outside++;
            const radius = voxels[outside]!.toCube;
            for (let v = 0; v < outside; v++) {
              const voxel = at(voxels[v]!);
              if (voxels[v]!.toCentre <= radius && 2 * radius > found[voxel]!) found[voxel] = 2 * radius;
            }
          }
        }
      }
    }
    return found;
  };
}

/** One of each pair of opposite directions from a voxel to its 26 neighbours. */
const directions = Array.from({ length: 27 }, (_, i) => [
  (i % 3) - 1,
  (Math.floor(i / 3) % 3) - 1,
  Math.floor(i / 9) - 1,
])
  .slice(14)
  .map((step) => ({ step: step as [number, number, number], length: Math.hypot(...step) }));

/**
 * The degree of anisotropy: lines along a direction `n` change between bone and marrow `sqrt(n . M n)` times a voxel, which is inverse to
 * the mean intercept length. M is fitted to 13 directions; its eigenvalues give the ellipsoid's axes (Harrigan and Mann, J. Mater. Sci. 19,
 * 1984). Infinity where bone goes on along a direction without end.
 */
export function anisotropy(bone: Volume, side: number): number {
  const squares = directions.map(({ step: [dx, dy, dz], length }) => {
    let changes = 0;
    for (let z = 0, i = 0; z < side; z++) {
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++, i++) {
          const j = (wrapped(z + dz, side) * side + wrapped(y + dy, side)) * side + wrapped(x + dx, side);
          if (bone[i] !== bone[j]) changes++;
        }
      }
    }
    return (changes / (bone.length * length)) ** 2;
  });
  const rows = directions.map(({ step, length }) => {
    const [x, y, z] = step.map((component) => component / length) as [number, number, number];
    return [x * x, y * y, z * z, 2 * y * z, 2 * x * z, 2 * x * y];
  });
  const [smallest, , largest] = eigenvalues(leastSquares(rows, squares));
  return smallest > 1e-9 * largest ? Math.sqrt(largest / smallest) : Infinity;
}

/** In rising order, of a symmetric matrix xx, yy, zz, yz, xz, xy (Smith, Commun. ACM 4, 1961). */
function eigenvalues(matrix: readonly number[]): [number, number, number] {
  const [xx, yy, zz, yz, xz, xy] = matrix as [number, number, number, number, number, number];
  const mean = (xx + yy + zz) / 3;
  const [a, b, c] = [xx - mean, yy - mean, zz - mean];
  const spread = Math.sqrt((a * a + b * b + c * c + 2 * (yz * yz + xz * xz + xy * xy)) / 6);
  if (spread === 0) return [mean, mean, mean];
  const determinant = a * (b * c - yz * yz) - xy * (xy * c - yz * xz) + xz * (xy * yz - b * xz);
  const angle = Math.acos(Math.min(1, Math.max(-1, determinant / (2 * spread ** 3)))) / 3;
  const largest = mean + 2 * spread * Math.cos(angle);
  const smallest = mean + 2 * spread * Math.cos(angle + (2 * Math.PI) / 3);
  return [smallest, 3 * mean - largest - smallest, largest];
}
