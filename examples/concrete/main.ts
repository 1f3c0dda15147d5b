// Trains a surrogate of concrete strength, measures it on rows held out, and leaves a run folder.
//
//   node examples/concrete/main.ts [folder for run folders, default runs/ in the repository]
//   node examples/concrete/main.ts --resume RUN_FOLDER
//
// Ctrl-C stops it; what is trained by then is in the run folder, and the second form goes on from there.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import { type Callback, evaluate, predict, summary } from "@hooke/core";
import { encodeModel } from "@hooke/core/checkpoint";
import { checkpointFile, progressLine, runInterruptible } from "@hooke/core/node";
import { type Dataset, split } from "@hooke/data";
import { createRunFolder, displayPath, writeFileAtomic } from "@hooke/data/node";
import { writeReport } from "@hooke/report/node";
import { HookeError } from "@hooke/runtime";
import { concreteReport, metricRows, type Part, settingsText } from "./report.ts";
import {
  candidates,
  epochs,
  heldOutMetrics,
  holdOut,
  loadConcrete,
  loadSplits,
  type Trial,
  trainConcrete,
  tryCandidates,
} from "./surrogate.ts";

const backend = wasmBackend();
const { values, positionals } = parseArgs({ options: { resume: { type: "string" } }, allowPositionals: true });
const runs = positionals[0] ?? fileURLToPath(new URL("../../runs", import.meta.url));

await runInterruptible(main);

async function main(signal: AbortSignal): Promise<void> {
  const [data, [testRows]] = await Promise.all([loadConcrete(), loadSplits()]);
  const { train: known, test } = holdOut(data, testRows!);
  const { train, validation } = split(known, { train: "rest", validation: 0.15 }, 0);
  console.log(`${data.source}: ${data.count} rows, ${test.count} of them held out for the test.`);

  const trials = values.resume === undefined ? await chosen(known, signal) : await readTrials(values.resume);
  const folder = values.resume ?? (await createRunFolder(runs, "concrete"));
  const file = (name: string): string => join(folder, name);
  await writeFileAtomic(file("trials.json"), `${JSON.stringify(trials, null, 2)}\n`);
  const width = Math.max(...trials.map(({ settings }) => settingsText(settings).length));
  for (const { settings, error } of trials) {
    console.log(`  ${settingsText(settings).padEnd(width)} validation RMSE ${error.toFixed(2)} MPa`);
  }

  const start = performance.now();
  console.log(`\nTraining the first on ${train.count} rows, watched on ${validation.count} (RMSE in MPa):`);
  const settings = trials[0]!.settings;
  const { model, history, stopReason, warnings } = await followed(async (line) =>
    trainConcrete(backend, { train, validation }, settings, {
      signal,
      callbacks: [showEpoch(line)],
      checkpoint: { every: 1000, ...checkpointFile(file("checkpoint.safetensors")) },
      ...(values.resume && { resume: await kept(folder, "checkpoint.safetensors") }),
    }),
  );
  if (stopReason === "aborted") {
    console.log(`\nStopped after ${history.length} of ${epochs} epochs. To go on:`);
    console.log(`node examples/concrete/main.ts --resume ${displayPath(folder)}`);
    process.exitCode = 130;
    return;
  }
  const seconds = (performance.now() - start) / 1000;
  const layers = summary(model.layer, model.inputShape);
  console.log(`\n${layers}\n`);

  const measure = async (name: string, rows: Dataset): Promise<Part> => {
    const { metrics } = await evaluate(model, rows, { backend, metrics: heldOutMetrics });
    return { name, rows, metrics, predicted: (await predict(model, rows.inputs, { backend })).data };
  };
  const parts = [
    await measure("training", train),
    await measure("validation", validation),
    await measure("test", test),
  ] as const;
  for (const row of metricRows(parts)) console.log(row);

  await writeFileAtomic(file("model.safetensors"), encodeModel(model));
  await writeFileAtomic(file("history.json"), `${JSON.stringify(history, null, 2)}\n`);
  await writeReport(file("report.html"), concreteReport({ trials, layers, history, parts, seconds, warnings }));
  console.log(`\nOpen report.html in the run folder, which also holds the model, a checkpoint and the history:`);
  console.log(`${displayPath(folder)}/`);
}

/** The candidates, the best first. Stopped on the way, they leave nothing that would be worth keeping. */
function chosen(known: Dataset, signal: AbortSignal): Promise<readonly Trial[]> {
  console.log(`\nChoosing among ${candidates.length} candidates, on training rows alone:`);
  return followed((line) =>
    tryCandidates(backend, known, (trial) => ({ signal, callbacks: [showTrial(line, trial)] })),
  );
}

async function readTrials(folder: string): Promise<readonly Trial[]> {
  return JSON.parse((await kept(folder, "trials.json")).toString("utf8"));
}

/** A file of a stopped run. @throws if it is not there to go on from */
async function kept(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (error) {
    const cure = "Name the folder that a stopped run printed, or leave --resume out to start anew.";
    throw new HookeError(`concrete: there is no ${name} in ${displayPath(folder)} to go on from. ${cure}`, {
      code: "file-system",
      cause: error,
    });
  }
}

type Line = ReturnType<typeof progressLine>;

/** Work with a progress line that ends with it, whether it succeeds or not. */
async function followed<R>(work: (line: Line) => Promise<R>): Promise<R> {
  const line = progressLine({ unit: "epochs" });
  try {
    return await work(line);
  } finally {
    line.finish();
  }
}

/** All candidates count as one piece of work. */
function showTrial(line: Line, trial: number): Callback {
  return {
    onEpoch: ({ epoch, loss }) =>
      line.update({
        completed: trial * epochs + epoch + 1,
        total: candidates.length * epochs,
        fields: {
          candidate: `${trial + 1}/${candidates.length}`,
          epoch: `${epoch + 1}/${epochs}`,
          loss: loss.toFixed(4),
        },
      }),
  };
}

function showEpoch(line: Line): Callback {
  let loss = Number.NaN;
  return {
    onEpoch(event) {
      loss = event.loss;
    },
    onValidation: ({ epoch, metrics }) =>
      line.update({
        completed: epoch + 1,
        total: epochs,
        fields: {
          epoch: `${epoch + 1}/${epochs}`,
          loss: loss.toFixed(4),
          "val. RMSE": metrics.rmse!.toFixed(2),
        },
      }),
  };
}
