// A program of five trials: the first takes its process with it, as one does that wants more memory than there is; the third ends it.
import { defineSweep } from "./sweep.ts";

export default defineSweep({
  trials: [{ x: 0 }, { x: 1 }, { x: 2 }, { x: 3 }, { x: 4 }],
  run({ x }) {
    if (x === 0) process.kill(process.pid, "SIGKILL");
    if (x === 2) process.exit(0);
    return x;
  },
});
