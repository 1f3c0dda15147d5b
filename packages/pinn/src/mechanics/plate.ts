// Kirchhoff plates.
import { add, mul, square, sub, type Tensor } from "@hooke/runtime";
import { poissonCheck } from "./material.ts";
import {
  type Components,
  checkComponents,
  checkNumbers,
  minus,
  over,
  positiveCheck,
  type Scalar,
  times,
} from "./scalar.ts";

/** A plate. */
export interface Plate {
  /** Bending stiffness, see {@link plateRigidity}. A number, an unknown, or a tensor. */
  readonly D: Scalar;
  /** Poisson's ratio. */
  readonly nu: Scalar;
}

/**
 * The bending stiffness of a plate, `E h^3 / (12 (1 - nu^2))`.
 *
 * @example
 * ```ts
 * import { plateRigidity } from "@hooke/pinn/mechanics";
 *
 * console.log(plateRigidity({ E: 91, nu: 0.3, thickness: 2 })); // 66.66666666666667
 * ```
 */
export function plateRigidity(plate: { readonly E: Scalar; readonly nu: Scalar; readonly thickness: Scalar }): Scalar {
  checkNumbers("plateRigidity", plate, { E: positiveCheck, nu: poissonCheck, thickness: positiveCheck });
  const { E, nu, thickness } = plate;
  return over(times(E, times(thickness, times(thickness, thickness))), times(12, minus(1, times(nu, nu))));
}

function plateOf(who: string, plate: Plate): Plate {
  checkNumbers<Plate>(who, plate, { D: positiveCheck, nu: poissonCheck });
  return plate;
}

/**
 * The moments per length of a plate whose deflection `w` is positive along the load: `xx = -D (w_xx + nu w_yy)`, `xy = -D (1 - nu) w_xy`. Of this sign
 * `xx` stretches the side the load points to, and forces are `d.divergence(moments)` (Timoshenko and Woinowsky-Krieger, Theory of Plates and Shells, 1959).
 *
 * @param second `partials(d, w, 2)`
 * @returns `{ xx, xy, yy }`
 */
export function plateMoments(second: Components, plate: Plate): Components {
  const { D, nu } = plateOf("plateMoments", plate);
  checkComponents("plateMoments", "derivatives", second, ["xx", "xy", "yy"]);
  return momentsOf(second.xx!, second.xy!, second.yy!, D, nu);
}

function momentsOf(
  xx: Tensor,
  xy: Tensor,
  yy: Tensor,
  D: Scalar,
  nu: Scalar,
): Components & Record<"xx" | "xy" | "yy", Tensor> {
  const down = times(D, -1);
  return {
    xx: times(add(xx, times(yy, nu)), down),
    xy: times(times(xy, minus(1, nu)), down),
    yy: times(add(yy, times(xx, nu)), down),
  };
}

/**
 * The shear forces per length of a plate, the divergence of its moments: `x = -D (w_xxx + w_xyy)`, `y = -D (w_xxy + w_yyy)`.
 *
 * @param third `partials(d, w, 3)`
 * @returns `{ x, y }`
 */
export function plateShear(third: Components, plate: Plate): Components {
  const { D } = plateOf("plateShear", plate);
  checkComponents("plateShear", "derivatives", third, ["xxx", "xxy", "xyy", "yyy"]);
  const down = times(D, -1);
  return { x: times(add(third.xxx!, third.xyy!), down), y: times(add(third.xxy!, third.yyy!), down) };
}

/**
 * The moment about an edge, `n . M . n`: zero where it is free or simply supported.
 *
 * @param moments of {@link plateMoments}
 * @param normal of the edge, as terms see it
 */
export function edgeMoment(moments: Components, normal: Components): Tensor {
  checkComponents("edgeMoment", "moments", moments, ["xx", "xy", "yy"]);
  checkComponents("edgeMoment", "a normal", normal, ["x", "y"]);
  const { x, y } = normal as Record<"x" | "y", Tensor>;
  const twist = mul(mul(moments.xy!, mul(x, y)), 2);
  return add(add(mul(moments.xx!, square(x)), mul(moments.yy!, square(y))), twist);
}

/**
 * Kirchhoff's effective shear force at a straight edge, shear and what the twisting moment adds, `n . Q + dM_ns/ds`: zero where the edge is free. On `x`
 * constant it is `-D (w_xxx + (2 - nu) w_xyy)`. Where an edge is curved, its curvature adds terms that are not in it.
 *
 * @param third `partials(d, w, 3)`
 * @param normal of the edge, as terms see it
 */
export function effectiveShear(third: Components, normal: Components, plate: Plate): Tensor {
  const { D, nu } = plateOf("effectiveShear", plate);
  const shear = plateShear(third, plate);
  checkComponents("effectiveShear", "a normal", normal, ["x", "y"]);
  const { x, y } = normal as Record<"x" | "y", Tensor>;
  const twistOf = ({ xx, xy, yy }: Record<"xx" | "xy" | "yy", Tensor>): Tensor =>
    add(mul(sub(yy, xx), mul(x, y)), mul(xy, sub(square(x), square(y))));
  const alongX = twistOf(momentsOf(third.xxx!, third.xxy!, third.xyy!, D, nu));
  const alongY = twistOf(momentsOf(third.xxy!, third.xyy!, third.yyy!, D, nu));
  const own = add(mul(shear.x!, x), mul(shear.y!, y));
  return add(own, sub(mul(alongY, x), mul(alongX, y)));
}

/**
 * The load per area that a plate is in balance with, `D (w_xxxx + 2 w_xxyy + w_yyyy)`.
 *
 * @param fourth `partials(d, w, 4)`
 */
export function plateLoad(fourth: Components, plate: Plate): Tensor {
  const { D } = plateOf("plateLoad", plate);
  checkComponents("plateLoad", "derivatives", fourth, ["xxxx", "xxyy", "yyyy"]);
  return times(add(add(fourth.xxxx!, fourth.yyyy!), mul(fourth.xxyy!, 2)), D);
}

/**
 * The energy of bending per area, `D / 2 ((w_xx + w_yy)^2 - 2 (1 - nu) (w_xx w_yy - w_xy^2))`.
 *
 * @param second `partials(d, w, 2)`
 */
export function plateEnergy(second: Components, plate: Plate): Tensor {
  const { D, nu } = plateOf("plateEnergy", plate);
  checkComponents("plateEnergy", "derivatives", second, ["xx", "xy", "yy"]);
  const { xx, xy, yy } = second as Record<"xx" | "xy" | "yy", Tensor>;
  const gauss = times(sub(mul(xx, yy), square(xy)), times(2, minus(1, nu)));
  return times(sub(square(add(xx, yy)), gauss), times(D, 0.5));
}
