// Structures like trabecular bone, from plates to rods: where Gaussian random fields are near zero.
import { complexGrid, fourierTransform } from "@hooke/example-micrograph-cnn/fft.ts";
import { type Backend, compile, fold, foldHost, type Key, normal, randomKey, uniform } from "@hooke/runtime";

type Range = readonly [number, number];

/** Structures to draw from; ranges are uniform. */
export interface Ensemble {
  /** Voxels along each edge, a power of two. */
  readonly side: number;
  /** Of the share of bone. */
  readonly fraction: Range;
  /** Of waves per edge across z: the spacing of trabeculae is about half an edge over it. */
  readonly waves: Range;
  /** Of lengths along z over lengths across. */
  readonly aspect: Range;
  /** From 0, plates, to 1, rods. */
  readonly rods: Range;
}

export interface Trabeculae {
  /** 1 where bone is, 0 elsewhere: `side ** 3`, square by square along z, row by row along y. */
  readonly bone: Float32Array;
  readonly aspect: number;
  readonly rods: number;
}

/**
 * Draws structures of an ensemble: the same seed and index, the same structure. For two independent Gaussian fields g and h bone is where
 * `g^2 + rods h^2` is small: about the surfaces where g is zero (plates), or about the lines where both are (rods).
 */
export function trabeculae(
  backend: Backend,
  { side, fraction, waves, aspect, rods }: Ensemble,
  seed: number,
): (index: number) => Promise<Trabeculae> {
  const points = side ** 3;
  const transform = fourierTransform(side, 3);
  const draw = compile(backend, (key: Key) => ({
    noise: normal(fold(key, "noise"), [2, points]),
    choices: uniform(fold(key, "choices"), [4]),
  }));
  const signed = (index: number): number => (index < side / 2 ? index : index - side);
  return async (index) => {
    const { noise, choices } = await draw(foldHost(randomKey(seed), index));
    const drawn = [fraction, waves, aspect, rods].map(([low, high], i) => low + (high - low) * choices.data[i]!);
    const [share, wave, stretch, thin] = drawn as [number, number, number, number];
    const grid = complexGrid(side, 3);
    grid.re.set(noise.data.subarray(0, points));
    grid.im.set(noise.data.subarray(points));
    transform.forward(grid);
    for (let z = 0, i = 0; z < side; z++) {
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++, i++) {
          const waveNumber = Math.hypot(signed(x), signed(y), signed(z) * stretch);
          const gain = waveNumber === 0 ? 0 : Math.exp(-((waveNumber - wave) ** 2) / 2);
          grid.re[i]! *= gain;
          grid.im[i]! *= gain;
        }
      }
    }
    transform.inverse(grid);
    const distance = grid.re.map((value, i) => value ** 2 + thin * grid.im[i]! ** 2);
    const threshold = distance.toSorted()[Math.round(share * points)]!;
    return { bone: Float32Array.from(distance, (value) => (value < threshold ? 1 : 0)), aspect: stretch, rods: thin };
  };
}
