// A program of four trials, the first of which takes its process with it, as one does that wants more memory than there is.
import { defineSweep } from "./sweep.ts";

export default defineSweep({
  trials: [{ x: 0 }, { x: 1 }, { x: 2 }, { x: 3 }],
  run({ x }) {
    if (x === 0) process.kill(process.pid, "SIGKILL");
    return x;
  },
});
