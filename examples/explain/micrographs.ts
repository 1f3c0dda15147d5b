// Micrographs of a grey matrix with one dark pore among bright particles of the same sizes: the strength is that of the pore alone.
import { type Random, randomFrom } from "@hooke/baselines";
import { dataset } from "@hooke/data";
import { array, randomKey } from "@hooke/runtime";
import type { Planted, Task } from "./task.ts";

const side = 32;
const particles = 5;
/** Of the matrix, of the pore and of the particles, from black to white. */
const greys = { matrix: 0.5, pore: 0.1, particle: 0.9 } as const;
/** Centres keep this distance from one another and half of it from the edge, in pixels. */
const apart = 8;
/** A place so far from the pore's edge still counts as at it. */
const tolerance = 2;

interface Inclusion {
  readonly at: readonly [row: number, column: number];
  readonly radius: number;
}

/** The pore, then the particles. Where one finds no place beside the others, all are placed anew. */
function placed(random: Random): Inclusion[] {
  const inclusions: Inclusion[] = [];
  for (let tries = 0; inclusions.length <= particles; tries++) {
    if (tries % 100 === 99) inclusions.length = 0;
    const place = () => apart / 2 + random.uniform() * (side - apart);
    const at = [place(), place()] as const;
    if (inclusions.some((other) => Math.hypot(other.at[0] - at[0], other.at[1] - at[1]) < apart)) continue;
    inclusions.push({ at, radius: 1.5 + 2 * random.uniform() });
  }
  return inclusions;
}

function draw(count: number, seed: number): Planted {
  const images: number[][][][] = [];
  const strengths: number[][] = [];
  const pores: Inclusion[] = [];
  for (let index = 0; index < count; index++) {
    const random = randomFrom(randomKey(seed), "micrograph", index);
    const inclusions = placed(random);
    const [pore] = inclusions as [Inclusion];
    const greyAt = (row: number, column: number): number => {
      const inside = inclusions.findIndex(({ at, radius }) => Math.hypot(row - at[0], column - at[1]) <= radius);
      const grey = inside < 0 ? greys.matrix : inside === 0 ? greys.pore : greys.particle;
      return grey + 0.1 * (random.uniform() - 0.5);
    };
    images.push(
      Array.from({ length: side }, (_, row) => Array.from({ length: side }, (_, column) => [greyAt(row, column)])),
    );
    strengths.push([400 - 20 * pore.radius ** 2]);
    pores.push(pore);
  }
  return {
    data: dataset({ inputs: array(images), targets: array(strengths), targetNames: ["strength"] }),
    isCause: (row, [at, column]) => {
      const { at: centre, radius } = pores[row]!;
      return Math.hypot(at! - centre[0], column! - centre[1]) <= radius + tolerance;
    },
  };
}

export const micrographs: Task = {
  name: "micrograph",
  shape: [side, side, 1],
  nothing: greys.matrix,
  window: 4,
  part: 4,
  draw,
};
