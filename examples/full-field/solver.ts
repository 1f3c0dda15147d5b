// Displacements and stresses of periodic two-phase cells, many at once, by conjugate gradients on their Fourier grid.
//
// Moulinec and Suquet (Comput. Methods Appl. Mech. Eng. 157, 1998) solve for the strain with Fourier transforms; conjugate gradients as in
// Zeman et al. (J. Comput. Phys. 229, 2010), differences on the rotated grid as in Willot (C. R. Mecanique 343, 2015).
import { lame } from "@hooke/example-micrograph-cnn/homogenize.ts";
import {
  add,
  array,
  type Backend,
  type Complex,
  compile,
  div,
  fail,
  greater,
  type HostArray,
  irfft,
  maximum,
  mul,
  reshape,
  rfft,
  scan,
  select,
  sliceAxis,
  stack,
  sub,
  sum,
  type Tensor,
} from "@hooke/runtime";
import { phases } from "./mechanics.ts";

/** Components 11, 22 and 12 of a symmetric tensor at every pixel, `[cells, side, side]` each. */
type Field = readonly [Tensor, Tensor, Tensor];

/** Of conjugate gradients: where they are. `square` is the squared size of the residual, `[cells, 1, 1]`. */
interface Search {
  readonly strain: Field;
  readonly residual: Field;
  readonly direction: Field;
  readonly square: Tensor;
}

/** What is found of cells. */
export interface Fields {
  /** f64 `[cells, side, side, 2]`: beyond that of the mean strain, at the lower corners of the pixels, in edges of the cell; its mean is 0. */
  readonly displacement: HostArray;
  /** f64 `[cells, side, side, 3]`: components 11, 22 and 12 in the middles of the pixels. */
  readonly stress: HostArray;
}

/**
 * @param stiff `[cells, side, side]`: above 0.5 where the second phase is; axis 1 runs along rows (x), 2 across (y)
 * @param load `[cells, 3]`: components 11, 22 and 12 of the mean strain
 */
export type Solver = (stiff: HostArray, load: HostArray) => Promise<Fields>;

export interface SolverOptions {
  /** Pixels along each edge, an even number. */
  readonly side: number;
  /** Of the stress out of balance, relative to the stress under a uniform strain. Default 1e-6. */
  readonly tolerance?: number;
}

/** Iterations between two looks at the residual, and at most. */
const [together, most] = [5, 1000];

/** @throws if the conjugate gradients do not converge */
export function fieldSolver(backend: Backend, { side, tolerance = 1e-6 }: SolverOptions): Solver {
  const { project, displacementOf } = spectral(side);
  const begin = compile(backend, (stiff: Tensor, load: Tensor) => {
    const ones = add(mul(stiff, 0), 1);
    const strain = parts(load, 1).map((component) => mul(reshape(component, [-1, 1, 1]), ones)) as unknown as Field;
    const stress = respond(strain, stiff);
    const residual = scaled(project(stress), -1);
    const square = inner(residual, residual);
    const enough = mul(inner(stress, stress), tolerance ** 2);
    return { search: { strain, residual, direction: residual, square }, enough };
  });
  const go = compile(backend, (stiff: Tensor, search: Search, enough: Tensor) => {
    const step = ({ strain, residual, direction, square }: Search): Search => {
      const stress = respond(direction, stiff);
      // A cell that is in balance stays where it is, whatever the others that are solved with it need.
      const length = select(greater(square, enough), quotient(square, inner(direction, stress)), 0);
      const next = combined(residual, project(stress), mul(length, -1));
      const nextSquare = inner(next, next);
      return {
        strain: combined(strain, direction, length),
        residual: next,
        direction: combined(next, direction, quotient(nextSquare, square)),
        square: nextSquare,
      };
    };
    const [last] = scan((state: Search) => [step(state), []] as never, search as never, [], { length: together });
    return last as Search;
  });
  const end = compile(backend, (stiff: Tensor, strain: Field) => ({
    displacement: stack(displacementOf(strain), 3),
    stress: stack(respond(strain, stiff), 3),
  }));
  return async (stiff, load) => {
    let { search, enough } = await begin(stiff, load);
    const isMoving = (square: number, i: number): boolean => square > enough.data[i]!;
    for (let iterations = 0; (search.square.data as Float64Array).some(isMoving); iterations += together) {
      if (iterations === most) {
        fail("fieldSolver", `no balance after ${most} iterations; give a larger tolerance.`);
      }
      search = await go(stiff, search, enough);
    }
    return end(stiff, search.strain);
  };
}

const parts = (x: Tensor, axis: number): Tensor[] =>
  Array.from({ length: x.shape[axis]! }, (_, i) => sliceAxis(x, axis, i, i + 1));

/** Hooke's law at every pixel. */
function respond([e11, e22, e12]: Field, stiff: Tensor): Field {
  const [soft, hard] = phases.map(lame) as [ReturnType<typeof lame>, ReturnType<typeof lame>];
  const of = (constant: "lambda" | "mu"): Tensor => add(soft[constant], mul(stiff, hard[constant] - soft[constant]));
  const shear = mul(of("mu"), 2);
  const pressure = mul(of("lambda"), add(e11, e22));
  return [add(pressure, mul(shear, e11)), add(pressure, mul(shear, e22)), mul(shear, e12)];
}

/** By cell, the sum over all pixels of the product of two tensors. */
function inner([a11, a22, a12]: Field, [b11, b22, b12]: Field): Tensor {
  const products = add(add(mul(a11, b11), mul(a22, b22)), mul(mul(a12, b12), 2));
  return sum(products, { axes: [1, 2], keepDims: true });
}

const scaled = (field: Field, by: number): Field => field.map((part) => mul(part, by)) as unknown as Field;
const combined = (a: Field, b: Field, by: Tensor): Field =>
  a.map((part, i) => add(part, mul(b[i]!, by))) as unknown as Field;
const quotient = (a: Tensor, b: Tensor): Tensor => div(a, maximum(b, 1e-300));

/** What the differences on the rotated grid, `2 i k e^(i shift) side` with a real `k`, make of fields, frequency by frequency. */
function spectral(side: number) {
  const half = side / 2 + 1;
  const grid = (of: (a: number, b: number) => number): HostArray =>
    array(
      Float64Array.from({ length: side * half }, (_, i) =>
        of((Math.PI * (i % half)) / side, (Math.PI * Math.floor(i / half)) / side),
      ),
      { shape: [side, half] },
    );
  const wave = (a: number, b: number): [number, number] => [Math.sin(a) * Math.cos(b), Math.cos(a) * Math.sin(b)];
  const k1 = grid((a, b) => wave(a, b)[0]);
  const k2 = grid((a, b) => wave(a, b)[1]);
  const inverse = grid((a, b) => {
    const square = Math.hypot(...wave(a, b)) ** 2;
    return square < 1e-20 ? 0 : 1 / square;
  });
  const [cosine, sine] = [grid((a, b) => Math.cos(a + b)), grid((a, b) => Math.sin(a + b))];
  const axes = [1, 2];
  const forward = (field: Field): readonly Complex[] => field.map((part) => rfft(part, { axes }));

  /** Of one part of a spectrum, real or imaginary, the displacement `u` whose gradient `(k u + u k) / 2` is nearest to it. */
  const balanced = ([a, b, c]: readonly Tensor[]): readonly [Tensor, Tensor] => {
    const f1 = mul(add(mul(k1, a!), mul(k2, c!)), inverse);
    const f2 = mul(add(mul(k1, c!), mul(k2, b!)), inverse);
    const along = mul(add(mul(k1, f1), mul(k2, f2)), inverse);
    return [sub(mul(f1, 2), mul(k1, along)), sub(mul(f2, 2), mul(k2, along))];
  };
  const both = (spectra: readonly Complex[], of: (parts: readonly Tensor[]) => readonly Tensor[]): Complex[] => {
    const [re, im] = [of(spectra.map(({ re }) => re)), of(spectra.map(({ im }) => im))];
    return re.map((part, i) => ({ re: part, im: im[i]! }));
  };
  return {
    /** The part of a tensor field that is a strain: orthogonal, so that a stress whose part is zero is in balance. */
    project: (field: Field): Field =>
      both(forward(field), (components) => {
        const [u1, u2] = balanced(components);
        return [mul(k1, u1), mul(k2, u2), mul(add(mul(k1, u2), mul(k2, u1)), 0.5)];
      }).map((component) => irfft(component, { axes })) as unknown as Field,
    /** The displacement of a strain, its mean left out: over `2 i side e^(i shift)`. */
    displacementOf: (strain: Field): Tensor[] =>
      both(forward(strain), balanced).map(({ re, im }) =>
        irfft(
          {
            re: mul(sub(mul(im, cosine), mul(re, sine)), 0.5 / side),
            im: mul(add(mul(re, cosine), mul(im, sine)), -0.5 / side),
          },
          { axes },
        ),
      ),
  };
}
