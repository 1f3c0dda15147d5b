// A program as it runs in a pod: the share that the environment says, and an end in order when it is asked to.
import { runInterruptible } from "@hooke/core/node";
import { runSweep } from "./run-sweep.ts";
import { taskIndex } from "./task-index.ts";
import sweep from "./training.fixture.ts";

await runInterruptible(async (signal) => {
  await runSweep(process.argv[2]!, sweep, { task: taskIndex()!, tasks: Number(process.env.TASKS), signal });
});
