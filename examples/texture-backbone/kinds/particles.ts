// Round and elongated particles: inclusions in a matrix, or pores where they are dark.
import { around } from "../field.ts";
import { areaShare, featuresPerEdge, type Kind } from "./kind.ts";

export const particles: Kind = {
  name: "particles",
  draw(random, side) {
    const radius = side / (3 * featuresPerEdge(random, side));
    const share = areaShare(random) * 0.8;
    const spread = random.uniform(0, 0.5);
    const aspect = random.chance(0.4) ? random.uniform(1, 3) : 1;
    const aligned = random.chance(0.5) ? random.uniform(0, Math.PI) : undefined;
    const field = new Float32Array(side * side);
    let inside = 0;
    for (let attempt = 0; inside < share * side * side && attempt < 4000; attempt++) {
      const place = [random.uniform(0, side), random.uniform(0, side)] as const;
      const half = radius * Math.exp(spread * random.normal());
      const angle = aligned ?? random.uniform(0, Math.PI);
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      around(side, place, half * aspect, (index, dx, dy) => {
        const [p, q] = [(dx * c + dy * s) / aspect, dy * c - dx * s];
        if (p * p + q * q > half * half || field[index] === 1) return;
        field[index] = 1;
        inside++;
      });
    }
    return random.chance(0.5) ? field : field.map((value) => 1 - value);
  },
};
