// The effective stiffness of a periodic volume of two phases, by conjugate gradients on the grid of its voxels.
//
// In three dimensions what examples/micrograph-cnn/homogenize.ts is in plane strain: the strain is found with Fourier transforms (Moulinec
// and Suquet, Comput. Methods Appl. Mech. Eng. 157, 1998) by conjugate gradients (Zeman et al., J. Comput. Phys. 229, 2010), with the
// differences between points of Willot (C. R. Mecanique 343, 2015). Mean strains that are free, because their mean stress is zero, are
// unknowns like all others (Kabel et al., Comput. Mech. 57, 2016). Two loads are solved at once, as real and imaginary parts.
import { type Complex, complexGrid, fourierTransform } from "@hooke/example-micrograph-cnn/fft.ts";
import { lame, type Phase } from "@hooke/example-micrograph-cnn/homogenize.ts";

/** 6 x 6, for stresses and strains in the order xx, yy, zz, yz, xz, xy; shear strains are `2 e` (Voigt). */
export type Stiffness = readonly (readonly number[])[];

/** Which of the `side ** 3` voxels are the second phase, square by square along z, row by row along y, x within rows. */
export type Volume = ArrayLike<number>;

/** Solves for effective properties of volumes of one size. */
export interface Homogenizer {
  /** @throws if the conjugate gradients do not converge */
  stiffness(solid: Volume): Stiffness;
  /**
   * Young's moduli along z, of a test in which the mean of every other stress is zero, in the phases' unit.
   *
   * @throws if the conjugate gradients do not converge
   */
  moduli(solids: readonly Volume[]): number[];
}

export interface HomogenizerOptions {
  /** Voxels along each edge, a power of two. */
  readonly side: number;
  readonly phases: readonly [first: Phase, second: Phase];
  /** Of the stress out of balance, relative to the stress under a uniform strain. Default 1e-6. */
  readonly tolerance?: number;
}

/** A symmetric tensor at every voxel: xx, yy, zz, yz, xz, xy. */
type Field = readonly Complex[];

const parts = ["re", "im"] as const;
type Part = (typeof parts)[number];

/** How often a component stands in a tensor. */
const weights = [1, 1, 1, 2, 2, 2];
const along = [0, 1, 2, 3, 4, 5];

/** A volume under a mean strain, of which all components but `prescribed` are free where that is given. */
interface Test {
  readonly solid: Volume;
  readonly strain: readonly number[];
  readonly prescribed?: number;
}

export function homogenizer({ side, phases, tolerance = 1e-6 }: HomogenizerOptions): Homogenizer {
  const points = side ** 3;
  const constants = phases.map(lame);
  const field = (): Field => along.map(() => complexGrid(side, 3));
  const [strain, stress, residual, direction] = [field(), field(), field(), field()];
  const project = compatible(side);

  function inner(a: Field, b: Field, part: Part): number {
    let sum = 0;
    for (const c of along) {
      const [first, second] = [a[c]![part], b[c]![part]];
      let products = 0;
      for (let i = 0; i < points; i++) products += first[i]! * second[i]!;
      sum += weights[c]! * products;
    }
    return sum;
  }

  /** `into = a + scale * b`. */
  function combine(into: Field, a: Field, scale: number, b: Field, part: Part): void {
    for (const c of along) {
      const [target, first, second] = [into[c]![part], a[c]![part], b[c]![part]];
      for (let i = 0; i < points; i++) target[i] = first[i]! + scale * second[i]!;
    }
  }

  /** Hooke's law at every voxel. */
  function respond(from: Field, solid: Volume, part: Part): void {
    const [exx, eyy, ezz, eyz, exz, exy] = from.map((component) => component[part]) as Float64Array[];
    const [sxx, syy, szz, syz, sxz, sxy] = stress.map((component) => component[part]) as Float64Array[];
    for (let i = 0; i < points; i++) {
      const { lambda, mu } = constants[solid[i]! > 0.5 ? 1 : 0]!;
      const pressure = lambda * (exx![i]! + eyy![i]! + ezz![i]!);
      sxx![i] = pressure + 2 * mu * exx![i]!;
      syy![i] = pressure + 2 * mu * eyy![i]!;
      szz![i] = pressure + 2 * mu * ezz![i]!;
      syz![i] = 2 * mu * eyz![i]!;
      sxz![i] = 2 * mu * exz![i]!;
      sxy![i] = 2 * mu * exy![i]!;
    }
  }

  /** Finds strain and stress of one test, or two; the second is the imaginary part. */
  function solve(tests: readonly Test[]): void {
    const free = (c: number, part: Part): boolean => {
      const prescribed = tests[parts.indexOf(part)]?.prescribed;
      return prescribed !== undefined && prescribed !== c;
    };
    const running = parts.slice(0, tests.length).map((part, at) => ({ part, ...tests[at]!, limit: 0, square: 0 }));
    for (const component of [...strain, ...stress]) for (const part of parts) component[part].fill(0);
    for (const test of running) {
      for (const c of along) strain[c]![test.part].fill(test.strain[c]!);
      respond(strain, test.solid, test.part);
      test.limit = tolerance * Math.sqrt(inner(stress, stress, test.part));
    }
    project(stress, free);
    for (const test of running) {
      for (const c of along) {
        const from = stress[c]![test.part];
        for (const into of [residual, direction]) for (let i = 0; i < points; i++) into[c]![test.part][i] = -from[i]!;
      }
      test.square = inner(residual, residual, test.part);
    }
    const unbalanced = () => running.filter(({ square, limit }) => Math.sqrt(square) > limit);
    for (let iteration = 0; unbalanced().length > 0; iteration++) {
      if (iteration === 2000) {
        throw new Error(`homogenizer: no balance after ${iteration} iterations; is the contrast of the phases finite?`);
      }
      const steps = unbalanced().map((test) => {
        respond(direction, test.solid, test.part);
        return { test, step: test.square / inner(direction, stress, test.part) };
      });
      project(stress, free);
      for (const { test, step } of steps) {
        combine(strain, strain, step, direction, test.part);
        combine(residual, residual, -step, stress, test.part);
        const next = inner(residual, residual, test.part);
        combine(direction, residual, next / test.square, direction, test.part);
        test.square = next;
      }
    }
    for (const { solid, part } of running) respond(strain, solid, part);
  }

  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / points;

  return {
    stiffness(solid) {
      const columns: number[][] = [];
      for (let load = 0; load < 6; load += 2) {
        // A shear strain of 1 is 2 e.
        const unit = (at: number) => along.map((c) => (c === at ? 1 / weights[c]! : 0));
        solve([load, load + 1].map((at) => ({ solid, strain: unit(at) })));
        columns.push(...parts.map((part) => stress.map((component) => mean(component[part]))));
      }
      return along.map((row) => columns.map((column) => column[row]!));
    },
    moduli(solids) {
      const moduli: number[] = [];
      for (let from = 0; from < solids.length; from += 2) {
        const pair = solids.slice(from, from + 2);
        solve(pair.map((solid) => ({ solid, strain: [0, 0, 1, 0, 0, 0], prescribed: 2 })));
        // Twice the energy, which is wrong by the square of what the strain is wrong by.
        moduli.push(...pair.map((_, at) => inner(strain, stress, parts[at]!) / points));
      }
      return moduli;
    },
  };
}

/**
 * The part of a tensor field that is a strain, in place: the symmetric gradient of a periodic displacement, and of the mean what is `free`.
 * Orthogonal, so that a stress whose part is zero is in balance.
 */
function compatible(side: number): (field: Field, free: (component: number, part: Part) => boolean) => void {
  const { forward, inverse } = fourierTransform(side, 3);
  const angles = Float64Array.from({ length: side }, (_, i) => (Math.PI * i) / side);
  const [sines, cosines] = [angles.map(Math.sin), angles.map(Math.cos)];

  function projectPart(spectra: readonly Float64Array[]): void {
    const [xx, yy, zz, yz, xz, xy] = spectra as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let z = 0, i = 0; z < side; z++) {
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++, i++) {
          const k1 = sines[x]! * cosines[y]! * cosines[z]!;
          const k2 = cosines[x]! * sines[y]! * cosines[z]!;
          const k3 = cosines[x]! * cosines[y]! * sines[z]!;
          const square = k1 * k1 + k2 * k2 + k3 * k3;
          const inverse = square < 1e-20 ? 0 : 1 / square;
          // Forces k . t, and the displacement u that balances them: (|k|^2 + k k) u / 2 = k . t.
          const f1 = (k1 * xx[i]! + k2 * xy[i]! + k3 * xz[i]!) * inverse;
          const f2 = (k1 * xy[i]! + k2 * yy[i]! + k3 * yz[i]!) * inverse;
          const f3 = (k1 * xz[i]! + k2 * yz[i]! + k3 * zz[i]!) * inverse;
          const common = (k1 * f1 + k2 * f2 + k3 * f3) * inverse;
          const u1 = 2 * f1 - k1 * common;
          const u2 = 2 * f2 - k2 * common;
          const u3 = 2 * f3 - k3 * common;
          xx[i] = k1 * u1;
          yy[i] = k2 * u2;
          zz[i] = k3 * u3;
          yz[i] = (k2 * u3 + k3 * u2) / 2;
          xz[i] = (k1 * u3 + k3 * u1) / 2;
          xy[i] = (k1 * u2 + k2 * u1) / 2;
        }
      }
    }
  }

  return (field, free) => {
    for (const component of field) forward(component);
    for (const part of parts) {
      const means = field.map((component) => component[part][0]!);
      projectPart(field.map((component) => component[part]));
      for (const c of along) if (free(c, part)) field[c]![part][0] = means[c]!;
    }
    for (const component of field) inverse(component);
  };
}
