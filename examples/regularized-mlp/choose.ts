// How the strengths of weight decay and dropout were chosen: each alone, by validation loss, on data of their own.
//
//   node examples/regularized-mlp/choose.ts [folder for run folders, default runs/ in the repository]
//   node examples/regularized-mlp/choose.ts --resume RUN_FOLDER
//
// Trainings are kept in the run folder as they finish; stopped by Ctrl-C or killed, the second form goes on from there.
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { runInterruptible } from "@hooke/core/node";
import { createRunFolder, displayPath } from "@hooke/data/node";
import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import { openTrials, type RunTrial } from "@hooke/sweep";
import { full, type Part, type Settings, trainWith } from "./regularized.ts";
import { dataOf } from "./study.ts";

const { values, positionals } = parseArgs({ options: { resume: { type: "string" } }, allowPositionals: true });
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));
const folder = values.resume ?? (await createRunFolder(runs, "regularized-mlp-choose"));
const common = { ...full, seed: 500, repetitions: 4 };
const backend = wasmBackend();

await runInterruptible(main, `node examples/regularized-mlp/choose.ts --resume ${displayPath(folder)}`);

async function main(signal: AbortSignal): Promise<void> {
  const { run } = await openTrials(folder, { settings: common, signal });
  for (const weightDecay of [0.03, 0.1, 0.3, 1, 3]) {
    const loss = await validationLoss(run, "weight decay", { weightDecay });
    console.log(`weight decay ${weightDecay}: ${loss.toFixed(3)}`);
  }
  for (const dropout of [0.1, 0.2, 0.3, 0.5]) {
    console.log(`dropout ${dropout}: ${(await validationLoss(run, "dropout", { dropout })).toFixed(3)}`);
  }
}

/** Validation loss after the last epoch, the mean over repetitions. */
async function validationLoss(run: RunTrial, part: Part, strength: Partial<Settings>): Promise<number> {
  const settings = { ...common, ...strength };
  const losses: number[] = [];
  for (let repetition = 0; repetition < settings.repetitions; repetition++) {
    const trial = async (signal: AbortSignal): Promise<number> => {
      const { seed, test: _, ...data } = await dataOf(backend, settings, repetition);
      const { history } = await trainWith(backend, settings, new Set([part]), data, seed, signal);
      return history.at(-1)!.validation!.loss;
    };
    losses.push(await run(`${part} ${Object.values(strength)[0]}, repetition ${repetition}`, trial));
  }
  return meanOf(losses);
}
