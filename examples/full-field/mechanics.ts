// Elasticity on the pixels of a periodic cell of edge 1, in plane strain: Hooke's law of two phases, and the strains of displacements.
import { lame, type Phase } from "@hooke/example-micrograph-cnn/homogenize.ts";

/** Young's moduli with a contrast of 10, in units of the soft one. */
export const phases: readonly [soft: Phase, stiff: Phase] = [
  { modulus: 1, poisson: 0.3 },
  { modulus: 10, poisson: 0.3 },
];

/**
 * Strains in the middles of the pixels: their mean and the differences of displacements at the corners. Pixel (x, y) has the corners (x, y) to
 * (x + 1, y + 1). It is a bilinear finite element with one point of integration.
 *
 * @param displacement `[side, side, 2]`, row by row, periodic; along x and y
 * @param load mean strain, components 11, 22 and 12
 * @returns `[side, side, 3]`, components 11, 22 and 12
 */
export function strainOf(displacement: ArrayLike<number>, load: ArrayLike<number>, side: number): Float64Array {
  const strain = new Float64Array(3 * side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [right, above] = [(x + 1) % side, (y + 1) % side];
      const at = (column: number, row: number, axis: number): number => displacement[2 * (row * side + column) + axis]!;
      const alongX = (axis: number): number =>
        ((at(right, y, axis) - at(x, y, axis) + at(right, above, axis) - at(x, above, axis)) * side) / 2;
      const alongY = (axis: number): number =>
        ((at(x, above, axis) - at(x, y, axis) + at(right, above, axis) - at(right, y, axis)) * side) / 2;
      const i = 3 * (y * side + x);
      strain[i] = load[0]! + alongX(0);
      strain[i + 1] = load[1]! + alongY(1);
      strain[i + 2] = load[2]! + (alongY(0) + alongX(1)) / 2;
    }
  }
  return strain;
}

/** Hooke's law at every pixel: `[..., 3]` strains to stresses, components 11, 22 and 12. */
export function stressOf(strain: ArrayLike<number>, stiff: ArrayLike<number>): Float64Array {
  const constants = phases.map(lame);
  const stress = new Float64Array(strain.length);
  for (let i = 0; i < stiff.length; i++) {
    const { lambda, mu } = constants[stiff[i]! > 0.5 ? 1 : 0]!;
    const [e11, e22, e12] = [strain[3 * i]!, strain[3 * i + 1]!, strain[3 * i + 2]!];
    stress[3 * i] = lambda * (e11 + e22) + 2 * mu * e11;
    stress[3 * i + 1] = lambda * (e11 + e22) + 2 * mu * e22;
    stress[3 * i + 2] = 2 * mu * e12;
  }
  return stress;
}
