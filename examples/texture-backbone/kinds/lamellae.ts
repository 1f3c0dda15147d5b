// Lamellae that bend, as in pearlite and eutectics.
import { highest, randomField } from "../field.ts";
import { areaShare, type Kind } from "./kind.ts";

export const lamellae: Kind = {
  name: "lamellae",
  draw(random, side) {
    const periods = Math.round(random.logUniform(2, side / 6));
    const [kx, ky] = random.pick([
      [periods, 0],
      [0, periods],
      [periods, Math.ceil(periods / 2)],
      [Math.ceil(periods / 2), periods],
      [periods, -periods],
      [periods, periods],
    ] as const);
    const bend = random.logUniform(0.3, 4);
    const warp = randomField(random, side, { waves: (draw) => draw.uniform(1, 4) });
    const waves = warp.map((value, i) =>
      Math.cos((2 * Math.PI * (kx * (i % side) + ky * Math.floor(i / side))) / side + bend * value),
    );
    return highest(waves, areaShare(random));
  },
};
