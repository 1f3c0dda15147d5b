// The program whose training pause.test.ts interrupts, as a process of its own (SIGINT) or a worker (a message): it trains far
// longer than any test and says when it heard of it and when it ended.
import { isMainThread, parentPort } from "node:worker_threads";
import { sgd } from "../optimizers/sgd.ts";
import { train } from "./train.ts";
import { bentLine, options } from "./training.fixture.ts";

const say = (what: string): void => {
  if (isMainThread) process.stdout.write(`${what} ${Date.now()}\n`);
  else parentPort!.postMessage(`${what} ${Date.now()}`);
};

const stop = new AbortController();
const heard = (): void => {
  say("heard");
  stop.abort();
};
if (isMainThread) process.on("SIGINT", heard);
else parentPort!.on("message", heard);

let begun = false;
const given = { optimizer: sgd(), learningRate: 1e-6, epochs: 1_000_000, signal: stop.signal };
for await (const { type } of train(options({ ...given, data: { train: bentLine(16) } }))) {
  if (type === "step" && !begun) say("training");
  begun = true;
}
say("ended");
if (!isMainThread) parentPort!.close();
