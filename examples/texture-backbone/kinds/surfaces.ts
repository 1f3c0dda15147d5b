// Surfaces without phases: rough ones, and what happens to them: scratches, pits, cracks.
import { around, covered, type Field, markStroke, randomField, roughField, stretched } from "../field.ts";
import type { Random } from "../random.ts";
import type { Kind } from "./kind.ts";

/** A rough background with little contrast, in the middle of the greys. */
const background = (random: Random, side: number): Field => {
  const contrast = random.uniform(0.05, 0.25);
  return roughField(random, side, random.uniform(0, 1)).map((value) =>
    Math.min(1, Math.max(0, 0.5 + contrast * value)),
  );
};

const grey = (random: Random): number => (random.chance(0.5) ? random.uniform(0, 0.15) : random.uniform(0.85, 1));

const place = (random: Random, side: number) => [random.uniform(0, side), random.uniform(0, side)] as const;

/** Details on all scales, drawn out along one direction or not. */
export const rough: Kind = {
  name: "rough",
  draw(random, side) {
    const roughness = random.uniform(0, 1.2);
    return stretched(
      randomField(random, side, {
        waves: (draw) => draw.logUniform(1, side / 2.5),
        amplitude: (count) => count ** (roughness - 1),
        aspect: random.chance(0.5) ? random.logUniform(1, 8) : 1,
        angle: random.uniform(0, Math.PI),
      }),
    );
  },
};

/** Ground or worn: straight thin strokes, most of them along one direction. */
export const scratched: Kind = {
  name: "scratched",
  draw(random, side) {
    const direction = random.uniform(0, Math.PI);
    const spread = random.chance(0.3) ? Math.PI : random.uniform(0.01, 0.2);
    let field = background(random, side);
    const count = Math.round(random.logUniform(2, 40));
    const tone = grey(random);
    for (let scratch = 0; scratch < count; scratch++) {
      const cover = new Float32Array(side * side);
      const length = side * random.logUniform(0.2, 1.5);
      const angle = direction + spread * random.normal();
      markStroke(cover, { from: place(random, side), angle, length, width: random.uniform(0.6, 2.5) });
      field = covered(field, cover, random.chance(0.8) ? tone : grey(random));
    }
    return field;
  },
};

/** Pits, oxide and flakes: irregular spots, scattered or in patches. */
export const spotted: Kind = {
  name: "spotted",
  draw(random, side) {
    const field = background(random, side);
    const cover = new Float32Array(side * side);
    const ragged = roughField(random, side, 0.3);
    const patches = random.chance(0.5) ? randomField(random, side, { waves: (draw) => draw.uniform(1, 4) }) : undefined;
    const size = random.logUniform(1.2, side / 9);
    const count = Math.round(random.logUniform(3, (side / (2.5 * size)) ** 2));
    for (let spot = 0; spot < count; spot++) {
      const [x, y] = place(random, side);
      if (patches !== undefined && patches[Math.floor(y) * side + Math.floor(x)]! < 0.4) continue;
      const radius = size * Math.exp(0.4 * random.normal());
      around(side, [x, y], 1.6 * radius + 1, (index, dx, dy) => {
        const inside = radius * (1 + 0.3 * ragged[index]!) + 0.5 - Math.hypot(dx, dy);
        cover[index] = Math.max(cover[index]!, Math.min(1, inside));
      });
    }
    return covered(field, cover, grey(random));
  },
};

/** A net of cracks that wander and branch. */
export const cracked: Kind = {
  name: "cracked",
  draw(random, side) {
    const cover = new Float32Array(side * side);
    const width = random.uniform(0.8, 2.5);
    const wander = random.uniform(0.1, 0.5);
    const branching = random.uniform(0.01, 0.08);
    let left = side * random.logUniform(1, 12);
    const tips: { x: number; y: number; angle: number }[] = [];
    while (left > 0) {
      const [x, y] = place(random, side);
      const tip = tips.pop() ?? { x, y, angle: random.uniform(0, 2 * Math.PI) };
      for (let step = side * random.uniform(0.3, 1.2); step > 0 && left > 0; step--, left--) {
        markStroke(cover, { from: [tip.x, tip.y], angle: tip.angle, length: 1, width });
        tip.x += Math.cos(tip.angle);
        tip.y += Math.sin(tip.angle);
        tip.angle += wander * random.normal();
        if (random.chance(branching) && tips.length < 20) {
          tips.push({ ...tip, angle: tip.angle + random.pick([-1, 1]) * random.uniform(0.5, 1.5) });
        }
      }
    }
    return covered(background(random, side), cover, random.chance(0.8) ? random.uniform(0, 0.15) : 1);
  },
};
