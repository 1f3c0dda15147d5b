// Linear elasticity of isotropic solids: plane stress, plane strain, three dimensions.
import { type Check, fail, mul, square, type Tensor } from "@hooke/runtime";
import { type Lame, lameOf, type Moduli } from "./material.ts";
import { axesOf, type Components, checkComponents, entry, over, plus, times, total } from "./scalar.ts";

/** A linear elastic solid. */
export type LinearElastic = Moduli & {
  /** In two dimensions, what is zero across the plane: `"stress"` in thin plates, `"strain"` in long bodies. Must be given there, and not in three dimensions. */
  readonly plane?: "stress" | "strain";
};

const planeCheck: Check = (value) => (value === "stress" || value === "strain" ? undefined : '"stress" or "strain"');

/**
 * The strain of small displacements, `(H + H^T) / 2`: tensor components, so that `xy` is half the engineering shear strain.
 *
 * @param gradient of the displacement, `d.gradient(u)`
 * @returns `{ xx, xy, yy }`, or `{ xx, xy, xz, yy, yz, zz }`
 * @throws if components are missing
 */
export function strain(gradient: Components): Components {
  const axes = axesOf("strain", "a gradient", gradient);
  checkComponents(
    "strain",
    "a gradient",
    gradient,
    axes.flatMap((a) => axes.map((b) => a + b)),
  );
  return upper(axes, (a, b) => (a === b ? gradient[a + b]! : mul(plus(gradient[a + b]!, gradient[b + a]!), 0.5)));
}

/**
 * The stress of a linear elastic solid, `lambda tr(strain) I + 2 mu strain` (Hooke's law). In plane stress `lambda` is `2 lambda mu / (lambda + 2 mu)`
 * (Timoshenko and Goodier, Theory of Elasticity, 1951, chapter 2).
 *
 * @param strains of {@link strain}
 * @returns `{ xx, xy, yy }`, or `{ xx, xy, xz, yy, yz, zz }`, in units of the moduli; what acts across the plane is not among them
 * @throws if components are missing, or `plane` where there are two dimensions
 * @example
 * ```ts
 * import { box, mlp, problem, residual } from "@hooke/pinn";
 * import { linearStress, strain } from "@hooke/pinn/mechanics";
 *
 * const plate = box({ x: [0, 1], y: [0, 1] });
 * const steel = { E: 210e3, nu: 0.3, plane: "stress" } as const; // MPa
 * const balance = problem({
 *   domain: plate,
 *   fields: { u: mlp({ components: ["x", "y"] }) },
 *   derived: { stress: ({ u, d }) => linearStress(strain(d.gradient(u)), steel) },
 *   terms: { equilibrium: residual(plate.interior(100), ({ stress, d }) => d.divergence(stress)) },
 * });
 * console.log(balance.plan.components.equilibrium); // [ 'x', 'y' ]
 * ```
 */
export function linearStress(strains: Components, solid: LinearElastic): Components {
  const { axes, lambda, mu } = solidOf("linearStress", strains, solid);
  const pressure = times(lambda, trace(axes, strains));
  const twice = times(2, mu);
  return upper(axes, (a, b) => {
    const own = times(entry("linearStress", "a strain", strains, a, b), twice);
    return a === b ? plus(own, pressure) : own;
  });
}

/**
 * The strain energy of a linear elastic solid per volume, `lambda tr(strain)^2 / 2 + mu strain : strain`; in plane states per area and unit of thickness.
 *
 * @param strains of {@link strain}
 * @returns `[n]`, in units of the moduli
 * @throws as {@link linearStress}
 */
export function linearEnergy(strains: Components, solid: LinearElastic): Tensor {
  const { axes, lambda, mu } = solidOf("linearEnergy", strains, solid);
  const entries = axes.flatMap((a) => axes.map((b) => square(entry("linearEnergy", "a strain", strains, a, b))));
  return plus(times(square(trace(axes, strains)), over(lambda, 2)), times(total(entries), mu));
}

/**
 * What acts on a surface, `stress . n`: forces per area, by component. Of a first Piola-Kirchhoff stress, per area before deformation.
 *
 * @param stress of which symmetric entries may be given once
 * @param normal the outward unit normal, as terms see it
 */
export function traction(stress: Components, normal: Components): Components {
  const axes = axesOf("traction", "a stress", stress);
  checkComponents("traction", "a normal", normal, axes);
  return Object.fromEntries(
    axes.map((row) => [
      row,
      total(axes.map((axis) => mul(entry("traction", "a stress", stress, row, axis), normal[axis]!))),
    ]),
  );
}

function solidOf(who: string, strain: Components, solid: LinearElastic): Lame & { readonly axes: readonly string[] } {
  const axes = axesOf(who, "a strain", strain);
  const { lambda, mu } = lameOf(who, solid, { plane: planeCheck });
  const { plane } = solid;
  if (axes.length === 3 && plane !== undefined) {
    fail(who, `received plane ${plane} and a strain of three dimensions; leave plane out.`);
  }
  if (axes.length === 2 && plane === undefined) {
    fail(who, 'received a strain of two dimensions; say plane: "stress" or plane: "strain".');
  }
  if (plane !== "stress") return { axes, lambda, mu };
  return { axes, lambda: over(times(2, times(lambda, mu)), plus(lambda, times(2, mu))), mu };
}

const trace = (axes: readonly string[], tensor: Components): Tensor => total(axes.map((axis) => tensor[axis + axis]!));

/** A symmetric tensor, each entry once. */
const upper = (axes: readonly string[], of: (row: string, column: string) => Tensor): Components =>
  Object.fromEntries(axes.flatMap((a, i) => axes.slice(i).map((b) => [a + b, of(a, b)])));
