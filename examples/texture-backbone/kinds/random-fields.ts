// Two phases from Gaussian random fields g and h: both alike (g > t), islands (g^2 + h^2 < t) and walls around them.
import { type Field, highest, randomField } from "../field.ts";
import type { Random } from "../random.ts";
import { areaShare, type Kind } from "./kind.ts";

function phases(random: Random, side: number, score: (g: number, h: number) => number): Field {
  const centre = random.logUniform(1.5, side / 6);
  const breadth = random.uniform(0.5, 1.2);
  const spectrum = {
    waves: (draw: Random) => Math.max(1, centre + breadth * draw.normal()),
    aspect: random.chance(0.3) ? random.logUniform(1, 5) : 1,
    angle: random.uniform(0, Math.PI),
  };
  const [g, h] = [randomField(random, side, spectrum), randomField(random, side, spectrum)];
  const scores = g.map((value, i) => score(value, h[i]!));
  return highest(scores, areaShare(random));
}

export const bicontinuous: Kind = { name: "bicontinuous", draw: (random, side) => phases(random, side, (g) => g) };

export const islands: Kind = {
  name: "islands",
  draw: (random, side) => phases(random, side, (g, h) => -(g * g + h * h)),
};

export const walls: Kind = { name: "walls", draw: (random, side) => phases(random, side, (g, h) => g * g + h * h) };
