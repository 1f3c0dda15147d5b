// Fracture mechanics of a plate with a crack in its middle: the stress intensity range, and growth by the law of Paris.

/** A plate under a load of constant amplitude, a crack of length 2a in its middle. */
export interface Plate {
  /** In mm; `Infinity` leaves the geometry factor out. */
  readonly width: number;
  /** Of the remote stress, in MPa. */
  readonly stressRange: number;
}

/** Virkler's specimens: 152.4 mm x 2.54 mm, loads between 4.67 and 23.35 kN (R = 0.2), hence a stress range of 48.26 MPa. */
export const virklerPlate: Plate = { width: 152.4, stressRange: (23_350 * (1 - 0.2)) / (152.4 * 2.54) };

/** Tests alike: the plate, and the cycles from one measurement of its crack to the next. */
export interface Series extends Plate {
  readonly cyclesPerStep: number;
}

export const virkler: Series = { ...virklerPlate, cyclesPerStep: 20_000 };

/** `da/dN = C dK^m`, a in mm and dK in MPa sqrt(m). Paris and Erdogan 1963. */
export interface ParisLaw {
  /** Natural logarithm of C. */
  readonly logC: number;
  readonly m: number;
}

/**
 * `dK = dsigma sqrt(pi a sec(pi a / width))` in MPa sqrt(m). Feddersen 1966.
 *
 * @param length half the crack, in mm, below half the width
 */
export function stressIntensityRange({ width, stressRange }: Plate, length: number): number {
  return stressRange * Math.sqrt((Math.PI * length) / 1000 / Math.cos((Math.PI * length) / width));
}

// Rates change by a small fraction over a thousandth of a million cycles; the error is then far below the data's digits.
const stepsOfIntegration = 40;

/**
 * Half the crack's length in mm after some more cycles, by the classical Runge-Kutta method on its logarithm.
 * Half the width, once the crack has gone all the way.
 */
export function growCrack(plate: Plate, { logC, m }: ParisLaw, length: number, cycles: number): number {
  const end = plate.width / 2;
  // Growth by a factor e would take 1 / rate cycles.
  const rate = (logLength: number): number => {
    const at = Math.exp(logLength);
    return at < end ? Math.exp(logC + m * Math.log(stressIntensityRange(plate, at)) - logLength) : Infinity;
  };
  const step = cycles / stepsOfIntegration;
  let at = Math.log(length);
  for (let i = 0; i < stepsOfIntegration; i++) {
    const k1 = rate(at);
    const k2 = rate(at + (step / 2) * k1);
    const k3 = rate(at + (step / 2) * k2);
    const k4 = rate(at + step * k3);
    at += (step / 6) * (k1 + 2 * k2 + 2 * k3 + k4);
    if (!(Math.exp(at) < end)) return end;
  }
  return Math.exp(at);
}

/** Lengths in mm after 1, 2, ... `steps` times `cycles` more cycles. */
export function growthCurve(plate: Plate, law: ParisLaw, length: number, cycles: number, steps: number): number[] {
  const curve: number[] = [];
  for (let at = length; curve.length < steps; curve.push(at)) at = growCrack(plate, law, at, cycles);
  return curve;
}

// Nodes and weights of Gauss and Legendre on [-1, 1], five points: exact to degree nine.
const outer = Math.sqrt(5 + 2 * Math.sqrt(10 / 7)) / 3;
const inner = Math.sqrt(5 - 2 * Math.sqrt(10 / 7)) / 3;
const quadrature: readonly (readonly [node: number, weight: number])[] = [
  [-outer, (322 - 13 * Math.sqrt(70)) / 900],
  [-inner, (322 + 13 * Math.sqrt(70)) / 900],
  [0, 128 / 225],
  [inner, (322 + 13 * Math.sqrt(70)) / 900],
  [outer, (322 - 13 * Math.sqrt(70)) / 900],
];

/**
 * The `log C` with which a crack grows from one length to another in just these cycles. The law separates:
 * `C cycles` is the integral of `dK^-m` over the length, so that no rate needs to be taken from differences.
 */
export function apparentLogC(plate: Plate, m: number, from: number, to: number, cycles: number): number {
  const [middle, half] = [(Math.log(to) + Math.log(from)) / 2, (Math.log(to) - Math.log(from)) / 2];
  const integral = quadrature.reduce((sum, [node, weight]) => {
    const at = Math.exp(middle + half * node);
    return sum + weight * half * at * stressIntensityRange(plate, at) ** -m;
  }, 0);
  return Math.log(integral / cycles);
}
