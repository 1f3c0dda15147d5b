// Compressible neo-Hookean solids.
import { add, div, log, mul, square, sub, type Tensor } from "@hooke/runtime";
import { lameOf, type Moduli } from "./material.ts";
import { axesOf, type Components, checkComponents, over, times, total } from "./scalar.ts";

/**
 * The deformation gradient, `F = I + H`.
 *
 * @param gradient of the displacement by the coordinates before deformation, `d.gradient(u)`
 * @returns all four or nine components; `xy` is how `x` changes along `y`
 */
export function deformationGradient(gradient: Components): Components {
  const axes = axesOf("deformationGradient", "a gradient", gradient);
  checkComponents("deformationGradient", "a gradient", gradient, names(axes));
  return whole(axes, (a, b) => (a === b ? add(gradient[a + b]!, 1) : gradient[a + b]!));
}

/**
 * The energy per volume before deformation of a compressible neo-Hookean solid, `mu/2 (tr(F^T F) - 3) - mu ln J + lambda/2 (ln J)^2` (Bonet and Wood,
 * Nonlinear Continuum Mechanics for Finite Element Analysis, 2008, 6.27). In two dimensions the strain across the plane is zero. For small strains it is
 * linear elasticity. It is NaN where `J` is not above 0: matter is not turned inside out.
 *
 * @param F of {@link deformationGradient}
 * @returns `[n]`, in units of the moduli
 * @example
 * ```ts
 * import { box, energy, gauss, mlp, problem } from "@hooke/pinn";
 * import { deformationGradient, neoHookeanEnergy } from "@hooke/pinn/mechanics";
 * import { add, mul, sub } from "@hooke/runtime";
 *
 * const block = box({ x: [0, 1], y: [0, 1] });
 * const stretched = problem({
 *   domain: block,
 *   fields: { u: mlp({ components: ["x", "y"] }) },
 *   exact: {
 *     u: ({ x, y, free }) => ({ x: add(mul(x, 0.2), mul(mul(x, sub(1, x)), free.x)), y: mul(y, free.y) }),
 *   },
 *   terms: {
 *     strain: energy(block.interior(256, { sampler: gauss() }), ({ u, d }) =>
 *       neoHookeanEnergy(deformationGradient(d.gradient(u)), { E: 1, nu: 0.3 }),
 *     ),
 *   },
 * });
 * console.log(stretched.terms.strain!.kind); // energy
 * ```
 */
export function neoHookeanEnergy(F: Components, moduli: Moduli): Tensor {
  const { lambda, mu } = lameOf("neoHookeanEnergy", moduli);
  const axes = axesOf("neoHookeanEnergy", "a deformation gradient", F);
  checkComponents("neoHookeanEnergy", "a deformation gradient", F, names(axes));
  const { J } = inverse(axes, F);
  const volume = log(J);
  const stretch = sub(total(names(axes).map((name) => square(F[name]!))), axes.length);
  const shape = times(sub(mul(stretch, 0.5), volume), mu);
  return add(shape, times(square(volume), over(lambda, 2)));
}

/**
 * The first Piola-Kirchhoff stress of {@link neoHookeanEnergy}, its derivative by `F`: `mu (F - F^-T) + lambda ln J F^-T`. Forces by areas before deformation;
 * without body forces its divergence is zero.
 *
 * @param F of {@link deformationGradient}
 * @returns all four or nine components; `xy` is the force along `x` on a surface whose normal was `y`
 */
export function neoHookeanStress(F: Components, moduli: Moduli): Components {
  const { lambda, mu } = lameOf("neoHookeanStress", moduli);
  const axes = axesOf("neoHookeanStress", "a deformation gradient", F);
  checkComponents("neoHookeanStress", "a deformation gradient", F, names(axes));
  const { J, transposed } = inverse(axes, F);
  const pressure = times(log(J), lambda);
  return whole(axes, (a, b) => {
    const flipped = transposed(a, b);
    return add(times(sub(F[a + b]!, flipped), mu), mul(pressure, flipped));
  });
}

/** The determinant, and entries of the transpose of the inverse. */
function inverse(
  axes: readonly string[],
  F: Components,
): { readonly J: Tensor; readonly transposed: (row: string, column: string) => Tensor } {
  const at = (row: number, column: number): Tensor => F[`${axes[row % axes.length]}${axes[column % axes.length]}`]!;
  const cofactor = (row: number, column: number): Tensor => {
    if (axes.length === 3) {
      return sub(
        mul(at(row + 1, column + 1), at(row + 2, column + 2)),
        mul(at(row + 1, column + 2), at(row + 2, column + 1)),
      );
    }
    const other = at(row + 1, column + 1);
    return row === column ? other : mul(other, -1);
  };
  const J = total(axes.map((_, column) => mul(at(0, column), cofactor(0, column))));
  return { J, transposed: (row, column) => div(cofactor(axes.indexOf(row), axes.indexOf(column)), J) };
}

const names = (axes: readonly string[]): string[] => axes.flatMap((a) => axes.map((b) => a + b));

const whole = (axes: readonly string[], of: (row: string, column: string) => Tensor): Components =>
  Object.fromEntries(axes.flatMap((a) => axes.map((b) => [a + b, of(a, b)])));
