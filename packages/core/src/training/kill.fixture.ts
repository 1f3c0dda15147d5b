// The process that kill.test.ts kills: trains, saving a checkpoint after every update, until it is done or dead.
import { checkpointFile } from "../node/checkpoint-file.ts";
import { train } from "./train.ts";
import { options, richModel } from "./training.fixture.ts";

const [path, epochs] = process.argv.slice(2) as [string, string];

for await (const { type } of train(
  options({ model: richModel(), epochs: Number(epochs), checkpoint: { every: 1, ...checkpointFile(path) } }),
)) {
  // The first update compiles; kills are timed from its end.
  if (type === "step") process.stdout.write(".");
}
