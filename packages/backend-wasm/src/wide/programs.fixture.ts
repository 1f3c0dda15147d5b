// As a script: runs a large program, by its name behind `at once` or `in a worker`, and writes a digest of the results as an error.
import { isMainThread, Worker } from "node:worker_threads";
import { wasmBackend } from "../backend.ts";
import { digestOf, largePrograms, results } from "../threads/large.fixture.ts";

const [how, name] = process.argv.slice(2);
if (isMainThread && how === "in a worker") new Worker(import.meta.filename, { argv: process.argv.slice(2) });
else {
  const backend = wasmBackend({ threads: 1 });
  const { program } = largePrograms.find((each) => each.name === name)!;
  console.error((await results(backend, program, 1)).map(digestOf).join());
}
