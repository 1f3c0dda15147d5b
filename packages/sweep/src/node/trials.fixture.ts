// The process that trials.test.ts kills: two trials end, the third never does.
import { openTrials } from "./trials.ts";

const { run } = await openTrials(process.argv[2]!, { settings: { epochs: 10, rates: [0.1, Number.NaN] } });
for (let i = 0; i < 2; i++) await run(String(i), () => i);
await run("2", () => {
  console.log("at work");
  return new Promise(() => setInterval(() => {}, 1000));
});
