// The plate of Kirchhoff: simply supported, under a uniform pressure; and what Navier found.
import { box, mlp, type Problem, problem, residual } from "@hooke/pinn";
import { add, mul, sub } from "@hooke/runtime";

/** Width, in m. */
const width = 1;
/** Pressure, in kPa. */
export const pressure = 10;
/** Bending stiffness of 10 mm of steel, `E h³ / (12 (1 - ν²))`, in kN m. */
export const stiffness = (210e6 * 0.01 ** 3) / (12 * (1 - 0.3 ** 2));

/** The problem: the deflection `w` in m, in terms in kPa and kN m / m. */
export function plateProblem(shape: number): Problem {
  const length = shape * width;
  const plate = box({ x: [0, length], y: [0, width] });
  return problem({
    domain: plate,
    fields: { w: mlp({ units: [16, 16] }) },
    derived: { deflection: ({ w }) => mul(w, 1000) }, // mm
    exact: { w: ({ x, y, free }) => mul(mul(mul(x, sub(length, x)), mul(y, sub(width, y))), free) },
    terms: {
      equilibrium: residual(plate.interior(400), ({ w, d }) => {
        const bending = add(add(d(w, "x", "x", "x", "x"), mul(d(w, "x", "x", "y", "y"), 2)), d(w, "y", "y", "y", "y"));
        return sub(mul(bending, stiffness), pressure);
      }),
      // Along a support that the exact transform makes straight, the other curvature is 0.
      left: residual(plate.faces("x", 40), ({ w, d }) => mul(d(w, "x", "x"), stiffness)),
      front: residual(plate.faces("y", 40), ({ w, d }) => mul(d(w, "y", "y"), stiffness)),
    },
  });
}

/** Odd terms of each sum: the rest is below a part in 10⁸ of the largest deflection. */
const terms = 40;

/** Navier's double series of sines, in mm. */
export function navier(shape: number): (point: Readonly<Record<string, number>>) => number {
  const odd = Array.from({ length: terms }, (_, i) => 2 * i + 1);
  const length = shape * width;
  const scale = (1000 * 16 * pressure) / (Math.PI ** 6 * stiffness);
  return ({ x, y }) => {
    const along = odd.map((m) => Math.sin((m * Math.PI * x!) / length));
    const across = odd.map((n) => Math.sin((n * Math.PI * y!) / width));
    let sum = 0;
    for (const [i, m] of odd.entries()) {
      for (const [j, n] of odd.entries()) {
        sum += (along[i]! * across[j]!) / (m * n * ((m / length) ** 2 + (n / width) ** 2) ** 2);
      }
    }
    return scale * sum;
  };
}
