// A program with a pool of two processes, which pool.test.ts stops and kills.
import { fileURLToPath } from "node:url";
import { runInterruptible } from "@hooke/core/node";
import { runPool } from "./pool.ts";

const program = fileURLToPath(new URL("training.fixture.ts", import.meta.url));
await runInterruptible(async (signal) => {
  await runPool(process.argv[2]!, program, { processes: 2, signal });
});
