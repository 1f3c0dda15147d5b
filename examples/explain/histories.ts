// Load histories with one overload among underloads of the same sizes: the life is that of the overload alone.
import { randomFrom } from "@hooke/baselines";
import { dataset } from "@hooke/data";
import { array, randomKey } from "@hooke/runtime";
import type { Planted, Task } from "./task.ts";

const steps = 40;
const underloads = 4;
const mean = 1;

function draw(count: number, seed: number): Planted {
  const overloads: number[] = [];
  const lives: number[][] = [];
  const loads = Array.from({ length: count }, (_, index) => {
    const random = randomFrom(randomKey(seed), "history", index);
    const size = () => 1.5 + 1.5 * random.uniform();
    const [overload, ...others] = random.choose(steps, 1 + underloads);
    const load = Array.from({ length: steps }, () => mean + 0.6 * (random.uniform() - 0.5));
    const above = size();
    load[overload!]! += above;
    for (const step of others) load[step]! -= size();
    overloads.push(overload!);
    // Overloads retard cracks: each unit of it is worth 60,000 cycles.
    lives.push([100 + 60 * above]);
    return load.map((value) => [value]);
  });
  return {
    data: dataset({ inputs: array(loads), targets: array(lives), inputNames: ["load"], targetNames: ["life"] }),
    isCause: (row, [step]) => Math.abs(step! - overloads[row]!) <= 1,
  };
}

export const histories: Task = { name: "history", shape: [steps, 1], nothing: mean, window: 1, part: 1, draw };
