// What a texture says of itself, for free: the numbers that the network learns to read off its micrograph.
import { type Field, sideOf } from "./field.ts";

const lags = [1, 2, 4, 8, 16] as const;
const directions = [
  [1, 0],
  [0, 1],
  [1, 1],
  [1, -1],
] as const;
const lengths = [3, 6, 12, 24] as const;

/** Names of {@link textureLabels}, in their order. */
export const labelNames: readonly string[] = [
  "bright share",
  ...directions.flatMap(([dx, dy]) => lags.map((lag) => `variogram ${lag} along ${dx},${dy}`)),
  ...["bright", "dark"].flatMap((phase) => [
    ...lengths.map((length) => `lineal path ${length} ${phase}`),
    `Euler number ${phase}`,
    `clusters ${phase}`,
    `largest cluster ${phase}`,
  ]),
];

/**
 * Statistics of a clean periodic texture; the bright phase is what lies above the mean grey.
 *
 * - variogram: root of the mean squared difference of points a lag apart, over twice the variance (Matheron, Economic Geology
 *   58, 1963); of two phases, the two-point statistics by direction
 * - lineal path: chance that a stick along x or y lies in a phase (Lu and Torquato, Phys. Rev. A 45, 1992)
 * - Euler number (points that touch at a corner are connected), clusters (connected by edges) and the share of the largest
 *   in its phase: what is connected. The first two, over the square root of the area, as signed roots
 */
export function textureLabels(texture: Field): number[] {
  const mean = texture.reduce((sum, value) => sum + value, 0) / texture.length;
  const bright = Uint8Array.from(texture, (value) => (value > mean ? 1 : 0));
  const dark = bright.map((value) => 1 - value);
  const share = bright.reduce((sum, value) => sum + value, 0) / bright.length;
  const side = sideOf(texture);
  const variance = texture.reduce((sum, value) => sum + (value - mean) ** 2, 0) / texture.length;
  return [
    share,
    ...directions.flatMap((way) => lags.map((lag) => variogram(texture, side, way, lag, variance))),
    ...[bright, dark].flatMap((phase) => {
      const { count, largest } = clusters(phase, side);
      return [
        ...lengths.map((length) => Math.sqrt(linealPath(phase, side, length))),
        signedRoot(eulerNumber(phase, side)) / Math.sqrt(side),
        Math.sqrt(count / side),
        largest,
      ];
    }),
  ];
}

const signedRoot = (value: number): number => Math.sign(value) * Math.sqrt(Math.abs(value));

function variogram(texture: Field, side: number, [dx, dy]: readonly [number, number], lag: number, variance: number) {
  let sum = 0;
  for (let y = 0; y < side; y++) {
    const other = ((((y + dy * lag) % side) + side) % side) * side;
    for (let x = 0; x < side; x++) sum += (texture[y * side + x]! - texture[other + ((x + dx * lag) % side)]!) ** 2;
  }
  return variance === 0 ? 0 : Math.sqrt(sum / (2 * variance * side * side));
}

function linealPath(phase: Uint8Array, side: number, length: number): number {
  let hits = 0;
  for (const [step, next] of [
    [1, side],
    [side, 1],
  ] as const) {
    for (let line = 0; line < side; line++) {
      let run = 0;
      // Once around and a stick on, so that sticks across the border count.
      for (let i = 0; i < side + length - 1; i++) {
        run = phase[line * next + (i % side) * step] ? run + 1 : 0;
        if (i >= length - 1 && run >= length) hits++;
      }
    }
  }
  return hits / (2 * side * side);
}

/** Points less edges plus faces of the squares that the phase's points are, on the torus (Gray, IEEE Trans. Comput. 20, 1971). */
export function eulerNumber(phase: Uint8Array, side: number): number {
  let sum = 0;
  for (let y = 0; y < side; y++) {
    const below = ((y + 1) % side) * side;
    for (let x = 0; x < side; x++) {
      const right = (x + 1) % side;
      const [a, b, c, d] = [phase[y * side + x]!, phase[y * side + right]!, phase[below + x]!, phase[below + right]!];
      const count = a + b + c + d;
      if (count === 1) sum += 1;
      else if (count === 3) sum -= 1;
      else if (count === 2 && a === d) sum -= 2;
    }
  }
  return sum / 4;
}

/** Parts of a phase that are connected by edges, on the torus: how many, and the largest one's share of the phase. */
export function clusters(phase: Uint8Array, side: number): { readonly count: number; readonly largest: number } {
  const seen = new Uint8Array(phase.length);
  const stack: number[] = [];
  let [count, largest, total] = [0, 0, 0];
  for (let start = 0; start < phase.length; start++) {
    if (phase[start] === 0 || seen[start] === 1) continue;
    count++;
    let size = 0;
    seen[start] = 1;
    stack.push(start);
    while (stack.length > 0) {
      const at = stack.pop()!;
      size++;
      const [x, row] = [at % side, at - (at % side)];
      for (const next of [
        row + (x + 1 === side ? 0 : x + 1),
        row + (x === 0 ? side - 1 : x - 1),
        (at + side) % phase.length,
        (at - side + phase.length) % phase.length,
      ]) {
        if (phase[next] === 0 || seen[next] === 1) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
    total += size;
    largest = Math.max(largest, size);
  }
  return { count, largest: total === 0 ? 0 : largest / total };
}
