// A program with a sweep of six trials; with `BREAK=yes` two of them fail.
import { defineSweep, gridTrials } from "@hooke/sweep";

export default defineSweep({
  trials: gridTrials({ x: [1, 2, 3], way: [{ power: 2 }, { power: 0.5 }] }),
  run: ({ x, way }) => {
    if (x === 3 && process.env.BREAK === "yes") throw new Error("no third");
    return { value: x ** way.power, parts: [x] };
  },
});
