// The effective stiffness of a periodic microstructure in plane strain, by conjugate gradients on the grid of its image.
//
// Moulinec and Suquet (Comput. Methods Appl. Mech. Eng. 157, 1998) solve for the strain with Fourier transforms; conjugate
// gradients as in Zeman et al. (J. Comput. Phys. 229, 2010), the differences between points as in Willot (C. R. Mecanique 343,
// 2015), which keeps stresses free of oscillation at a high contrast.
import { type Complex, complexGrid, fourierTransform, type Transform } from "./fft.ts";

/** An isotropic phase: Young's modulus, in any unit, and Poisson's ratio. */
export interface Phase {
  readonly modulus: number;
  readonly poisson: number;
}

/** Stiffness of plane strain, `[[C11, C12, C13], [C12, C22, C23], [C13, C23, C33]]` for `(e11, e22, 2 e12)` (Voigt). */
export type Stiffness = readonly (readonly number[])[];

/** Lamé's constants. */
export function lame({ modulus, poisson }: Phase): { lambda: number; mu: number } {
  return {
    lambda: (modulus * poisson) / ((1 + poisson) * (1 - 2 * poisson)),
    mu: modulus / (2 * (1 + poisson)),
  };
}

/** Components 11, 22 and 12 of a symmetric tensor at every point. */
type Field = readonly [Float64Array, Float64Array, Float64Array];

const field = (points: number): Field => [new Float64Array(points), new Float64Array(points), new Float64Array(points)];

/** Sum over all points of the product of two tensors. */
function inner([a11, a22, a12]: Field, [b11, b22, b12]: Field): number {
  let sum = 0;
  for (let i = 0; i < a11.length; i++) sum += a11[i]! * b11[i]! + a22[i]! * b22[i]! + 2 * a12[i]! * b12[i]!;
  return sum;
}

/** `into = a + scale * b`. */
function combine(into: Field, a: Field, scale: number, b: Field): void {
  for (let c = 0; c < 3; c++) {
    const [target, first, second] = [into[c]!, a[c]!, b[c]!];
    for (let i = 0; i < target.length; i++) target[i] = first[i]! + scale * second[i]!;
  }
}

/** Solves for effective stiffnesses of images of one size. */
export interface Homogenizer {
  /**
   * @param stiff which points of `side x side` are the second phase, row by row; axis 1 runs along rows (x), 2 across (y)
   * @throws if the conjugate gradients do not converge
   */
  stiffness(stiff: ArrayLike<number>): Stiffness;
  /** The strain along x at every point, under a mean strain of 1 along x; `stiff` as above. */
  strain(stiff: ArrayLike<number>): Float64Array;
}

export interface HomogenizerOptions {
  readonly side: number;
  readonly phases: readonly [soft: Phase, stiff: Phase];
  /** Of the stress out of balance, relative to the stress under a uniform strain. Default 1e-6. */
  readonly tolerance?: number;
}

const unitLoads = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 0.5],
] as const;

export function homogenizer({ side, phases, tolerance = 1e-6 }: HomogenizerOptions): Homogenizer {
  const points = side * side;
  const constants = phases.map(lame);
  const project = compatible(side);
  const [strain, stress, residual, direction, image] = Array.from({ length: 5 }, () => field(points)) as [
    Field,
    Field,
    Field,
    Field,
    Field,
  ];

  /** Hooke's law at every point. */
  function respond(into: Field, [e11, e22, e12]: Field, stiff: ArrayLike<number>): void {
    const [s11, s22, s12] = into;
    for (let i = 0; i < points; i++) {
      const { lambda, mu } = constants[stiff[i]! > 0.5 ? 1 : 0]!;
      const pressure = lambda * (e11[i]! + e22[i]!);
      s11[i] = pressure + 2 * mu * e11[i]!;
      s22[i] = pressure + 2 * mu * e22[i]!;
      s12[i] = 2 * mu * e12[i]!;
    }
  }

  /** Finds strain and stress under a mean strain. */
  function solve(stiff: ArrayLike<number>, load: readonly number[]): void {
    for (let c = 0; c < 3; c++) strain[c]!.fill(load[c]!);
    respond(stress, strain, stiff);
    const scale = Math.sqrt(inner(stress, stress));
    project(residual, stress);
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < points; i++) residual[c]![i]! *= -1;
      direction[c]!.set(residual[c]!);
    }
    let square = inner(residual, residual);
    for (let iteration = 0; Math.sqrt(square) > tolerance * scale; iteration++) {
      if (iteration === 2000) {
        throw new Error(`homogenizer: no balance after ${iteration} iterations; is the contrast of the phases finite?`);
      }
      respond(stress, direction, stiff);
      const step = square / inner(direction, stress);
      combine(strain, strain, step, direction);
      project(image, stress);
      combine(residual, residual, -step, image);
      const next = inner(residual, residual);
      combine(direction, residual, next / square, direction);
      square = next;
    }
    respond(stress, strain, stiff);
  }

  /** Mean stress `(s11, s22, s12)` under a mean strain. */
  function meanStress(stiff: ArrayLike<number>, load: readonly number[]): number[] {
    solve(stiff, load);
    return stress.map((component) => component.reduce((sum, value) => sum + value, 0) / points);
  }

  return {
    stiffness(stiff) {
      const columns = unitLoads.map((load) => meanStress(stiff, load));
      return columns.map((_, row) => columns.map((column) => column[row]!));
    },
    strain(stiff) {
      solve(stiff, unitLoads[0]);
      return strain[0].slice();
    },
  };
}

/**
 * The part of a tensor field that is a strain: the symmetric gradient of a periodic displacement. Orthogonal, so that a stress
 * whose part is zero is in balance.
 */
function compatible(side: number): (into: Field, from: Field) => void {
  const transform: Transform = fourierTransform(side);
  const spectra = [0, 1, 2].map(() => complexGrid(side)) as [Complex, Complex, Complex];
  const half = (index: number): number => (Math.PI * index) / side;
  return (into, from) => {
    for (let c = 0; c < 3; c++) {
      spectra[c]!.re.set(from[c]!);
      spectra[c]!.im.fill(0);
      transform.forward(spectra[c]!);
    }
    const [a, b, c] = spectra;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const i = y * side + x;
        const k1 = Math.sin(half(x)) * Math.cos(half(y));
        const k2 = Math.cos(half(x)) * Math.sin(half(y));
        const square = k1 * k1 + k2 * k2;
        const inverse = square < 1e-20 ? 0 : 1 / square;
        for (const part of ["re", "im"] as const) {
          // Forces k . t, and the displacement u that balances them: (|k|^2 + k k) u / 2 = k . t.
          const f1 = (k1 * a[part][i]! + k2 * c[part][i]!) * inverse;
          const f2 = (k1 * c[part][i]! + k2 * b[part][i]!) * inverse;
          const along = (k1 * f1 + k2 * f2) * inverse;
          const u1 = 2 * f1 - k1 * along;
          const u2 = 2 * f2 - k2 * along;
          a[part][i] = k1 * u1;
          b[part][i] = k2 * u2;
          c[part][i] = (k1 * u2 + k2 * u1) / 2;
        }
      }
    }
    for (let component = 0; component < 3; component++) {
      transform.inverse(spectra[component]!);
      into[component]!.set(spectra[component]!.re);
    }
  };
}

/**
 * Young's modulus of the isotropic stiffness nearest to one in plane strain. It is the same for an image and the image turned
 * or mirrored.
 */
export function meanModulus(stiffness: Stiffness): number {
  const [[c11, c12], [, c22], [, , c33]] = stiffness as [number[], number[], number[]];
  const bulk = (c11! + c22! + 2 * c12!) / 4;
  const shear = (c11! + c22! - 2 * c12! + 4 * c33!) / 8;
  const lambda = bulk - shear;
  return (shear * (3 * lambda + 2 * shear)) / (lambda + shear);
}
