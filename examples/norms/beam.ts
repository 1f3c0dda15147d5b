// The problem: bending moments of a simply supported beam under loads whose magnitudes span a factor of 1000.
import {
  abs,
  add,
  type Backend,
  concat,
  div,
  exp,
  fold,
  type HostArray,
  iota,
  type Key,
  log,
  matmul,
  max,
  mean,
  mul,
  normal,
  randomKey,
  run,
  sin,
  sqrt,
  square,
  type Tensor,
  uniform,
} from "@hooke/runtime";

/** Loads are known at this many points, and moments asked for there. */
const points = 16;
const modes = 5;
/** Loads of networks are in this unit, in kN/m: the middle of the range on a log scale. */
const middle = Math.sqrt(1000);

/** `[modes, points]`: `sin(n pi x / L)` at points between the supports. */
const sines = (): Tensor =>
  sin(
    mul(mul(add(iota([modes, points], 0, "f32"), 1), add(iota([modes, points], 1, "f32"), 1)), Math.PI / (points + 1)),
  );

/** Load cases; `[rows, ...]` each. */
export interface Beams {
  /** Root mean square of the load, in kN/m, log-uniform from 1 to 1000. `[rows, 1]`. */
  readonly magnitude: HostArray;
  /** The load in units of the middle of its range, 31.6 kN/m. `[rows, 16]`. */
  readonly load: HostArray;
  /** The load over its magnitude: its shape. `[rows, 16]`. */
  readonly shape: HostArray;
  /** The shape, and log10 of the magnitude beside it. `[rows, 17]`. */
  readonly shapeAndMagnitude: HostArray;
  /** Moments in units of the middle of the loads' range times `L^2 / pi^2`. `[rows, 16]`. */
  readonly moment: HostArray;
  /** Moments of the shape, thus moments over the load's magnitude. `[rows, 16]`. */
  readonly unitMoment: HostArray;
  /** log10 of the largest moment, in units of `kN/m L^2 / pi^2`. `[rows, 1]`. */
  readonly largest: HostArray;
}

/**
 * Random load cases. A load is a sum of five sines, `sum q_n sin(n pi x / L)`, pressing and lifting; from equilibrium,
 * `M'' = -q` with `M = 0` at the supports, its moment is `sum q_n L^2 / (n pi)^2 sin(n pi x / L)`.
 */
export function loadCases(backend: Backend, rows: number, seed: number): Promise<Beams> {
  const draw = (key: Key) => {
    const amplitudes = normal(fold(key, "amplitudes"), [rows, modes]);
    const raw = matmul(amplitudes, sines());
    const size = sqrt(mean(square(raw), { axes: 1, keepDims: true }));
    const shape = div(raw, size);
    const order = add(iota([1, modes], 1, "f32"), 1);
    const unitMoment = matmul(div(div(amplitudes, square(order)), size), sines());
    const decades = mul(uniform(fold(key, "magnitude"), [rows, 1]), 3);
    const relative = exp(mul(add(decades, -1.5), Math.LN10));
    return {
      magnitude: mul(relative, middle),
      load: mul(shape, relative),
      shape,
      shapeAndMagnitude: concat([shape, decades], 1),
      moment: mul(unitMoment, relative),
      unitMoment,
      largest: add(mul(log(max(abs(unitMoment), { axes: 1, keepDims: true })), Math.LOG10E), decades),
    };
  };
  return run(backend, draw, randomKey(seed));
}
