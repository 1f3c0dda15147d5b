// Straight fibres of one width, with a preferred direction or none.
import { markStroke } from "../field.ts";
import type { Kind } from "./kind.ts";

export const fibres: Kind = {
  name: "fibres",
  draw(random, side) {
    const width = random.logUniform(1.2, side / 9);
    const length = side * random.logUniform(0.15, 1);
    const direction = random.uniform(0, Math.PI);
    const spread = random.chance(0.3) ? Math.PI : random.uniform(0, 0.5);
    const share = random.uniform(0.15, 0.7);
    const field = new Float32Array(side * side);
    // Overlapping strokes cover 1 - exp(-number * area).
    const count = Math.ceil((-Math.log(1 - share) * side * side) / (width * (length + width)));
    for (let fibre = 0; fibre < Math.min(count, 2000); fibre++) {
      const from = [random.uniform(0, side), random.uniform(0, side)] as const;
      markStroke(field, { from, angle: direction + spread * random.normal(), length, width });
    }
    const phases = field.map((value) => (value > 0.5 ? 1 : 0));
    return random.chance(0.5) ? phases : phases.map((value) => 1 - value);
  },
};
