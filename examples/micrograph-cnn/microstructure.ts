// Two-phase microstructures: Gaussian random fields, cut at the level that gives a volume fraction.
import { type Backend, compile, fold, foldHost, type Key, normal, randomKey, uniform } from "@hooke/runtime";
import { complexGrid, fourierTransform, type Transform } from "./fft.ts";

/**
 * What is stiff, for two independent Gaussian fields g and h: `g > t` (both phases alike), `g^2 + h^2 < t` (islands) or
 * `g^2 + h^2 > t` (walls around soft islands). At a volume fraction of one half, islands and walls are each other's
 * negative: their two-point statistics are the same, their moduli are not.
 */
export type Morphology = "bicontinuous" | "islands" | "walls";

export const morphologies: readonly Morphology[] = ["bicontinuous", "islands", "walls"];

/** Microstructures to draw from. */
export interface Ensemble {
  /** Points along each edge, a power of two. */
  readonly side: number;
  readonly morphologies: readonly Morphology[];
  /** Range of the volume fraction of the stiff phase; uniform. */
  readonly fraction: readonly [number, number];
  /** Range of the number of waves per edge; uniform. */
  readonly waves: readonly [number, number];
  /** Length of features along x over their length along y. Default 1: no preferred direction. */
  readonly aspect?: number;
}

export interface Microstructure {
  readonly morphology: Morphology;
  /** 1 where stiff, 0 elsewhere: `side x side`, row by row. */
  readonly stiff: Float32Array;
  /** Share of stiff points. */
  readonly fraction: number;
}

/** Draws microstructures of an ensemble: the same seed and index, the same microstructure. */
export function microstructures(
  backend: Backend,
  { side, morphologies, fraction, waves, aspect = 1 }: Ensemble,
  seed: number,
): (index: number) => Promise<Microstructure> {
  const transform = fourierTransform(side);
  const draw = compile(backend, (key: Key) => ({
    noise: normal(fold(key, "noise"), [2, side * side]),
    choices: uniform(fold(key, "choices"), [3]),
  }));
  return async (index) => {
    const { noise, choices } = await draw(foldHost(randomKey(seed), index));
    const [kind, level, scale] = choices.data as Float32Array;
    const within = ([low, high]: readonly [number, number], share: number): number => low + (high - low) * share;
    const morphology = morphologies[Math.floor(kind! * morphologies.length)]!;
    const stiffness = score(morphology, filtered(transform, noise.data, within(waves, scale!), aspect));
    const stiffPoints = Math.round(within(fraction, level!) * side * side);
    const threshold = stiffness.toSorted()[side * side - stiffPoints]!;
    const stiff = Float32Array.from(stiffness, (value) => (value >= threshold ? 1 : 0));
    return { morphology, stiff, fraction: stiff.reduce((sum, value) => sum + value, 0) / stiff.length };
  };
}

/** Two independent Gaussian fields with about `waves` waves per edge, as the two parts of a complex one. */
function filtered(transform: Transform, noise: ArrayLike<number>, waves: number, aspect: number) {
  const side = Math.sqrt(noise.length / 2);
  const grid = complexGrid(side);
  for (let i = 0; i < side * side; i++) {
    grid.re[i] = noise[i]!;
    grid.im[i] = noise[side * side + i]!;
  }
  transform.forward(grid);
  const signed = (index: number): number => (index < side / 2 ? index : index - side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const waveNumber = Math.hypot(signed(x) * aspect, signed(y));
      const gain = waveNumber === 0 ? 0 : Math.exp(-((waveNumber - waves) ** 2) / 2);
      grid.re[y * side + x]! *= gain;
      grid.im[y * side + x]! *= gain;
    }
  }
  transform.inverse(grid);
  return grid;
}

/** What is cut: the stiff points have the highest values. */
function score(morphology: Morphology, { re, im }: { re: Float64Array; im: Float64Array }): Float64Array {
  if (morphology === "bicontinuous") return re;
  const sign = morphology === "walls" ? 1 : -1;
  return re.map((value, i) => sign * (value ** 2 + im[i]! ** 2));
}
