#!/usr/bin/env node
// The program `hooke`: Ctrl-C stops in good order, and a reader that has had enough ends it quietly.
import { stopOnInterrupt } from "@hooke/core/node";
import { hooke } from "./hooke.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
const { signal, release } = stopOnInterrupt();
process.exitCode = await hooke(process.argv.slice(2), { signal });
release();
