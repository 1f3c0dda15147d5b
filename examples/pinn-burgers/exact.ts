// Burgers' equation solved exactly: the transform of Cole and Hopf makes it a heat equation, whose integral is a smooth function of z.

/** The viscosity of Raissi, Perdikaris and Karniadakis 2019. */
export const viscosity = 0.01 / Math.PI;

/**
 * The solution of `u_t + u u_x = nu u_xx` with `u(x, 0) = -sin(pi x)` on [-1, 1], by the trapezoidal rule, which for such integrands converges faster than
 * any power of the step.
 *
 * The factor beside `exp(-z^2)` varies by `exp(1 / (pi nu)) = e^100`, so that what counts lies where `z^2` is near 100: nodes must reach 14.
 *
 * @param reach the largest |z|
 * @param nodes the number of nodes
 */
export function exact(x: number, t: number, reach = 14, nodes = 1401): number {
  if (t === 0) return -Math.sin(Math.PI * x);
  const spread = Math.sqrt(4 * viscosity * t);
  const at = Array.from({ length: nodes }, (_, i) => {
    const z = reach * ((2 * i) / (nodes - 1) - 1);
    const y = Math.PI * (x - spread * z);
    return { sine: Math.sin(y), power: -Math.cos(y) / (2 * Math.PI * viscosity) - z * z };
  });
  const most = Math.max(...at.map(({ power }) => power));
  let [above, below] = [0, 0];
  for (const { sine, power } of at) {
    const weight = Math.exp(power - most);
    above += sine * weight;
    below += weight;
  }
  return -above / below;
}
