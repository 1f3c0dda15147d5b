// How the strengths of weight decay and dropout were chosen: each alone, by validation loss, on data of their own.
//
//   node examples/regularized-mlp/choose.ts
import { wasmBackend } from "@hooke/backend-wasm";
import { full, type Part, type Settings, trainWith } from "./regularized.ts";
import { dataOf, meanOf } from "./study.ts";

const backend = wasmBackend();

/** Validation loss after the last epoch, the mean over repetitions. */
async function validationLoss(part: Part, strengths: Partial<Settings>): Promise<number> {
  const settings = { ...full, ...strengths, seed: 500, repetitions: 4 };
  const losses: number[] = [];
  for (let repetition = 0; repetition < settings.repetitions; repetition++) {
    const { seed, test: _, ...data } = await dataOf(backend, settings, repetition);
    const { history } = await trainWith(backend, settings, new Set([part]), data, seed);
    losses.push(history.at(-1)!.validation!.loss);
  }
  return meanOf(losses);
}

for (const weightDecay of [0.03, 0.1, 0.3, 1, 3]) {
  console.log(`weight decay ${weightDecay}: ${(await validationLoss("weight decay", { weightDecay })).toFixed(3)}`);
}
for (const dropout of [0.1, 0.2, 0.3, 0.5]) {
  console.log(`dropout ${dropout}: ${(await validationLoss("dropout", { dropout })).toFixed(3)}`);
}
