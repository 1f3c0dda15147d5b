// Trains a surrogate of concrete strength, measures it on rows held out, and leaves a run folder.
//
//   node examples/concrete/main.ts [folder for run folders, default runs/ in the repository]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { wasmBackend } from "@hooke/backend-wasm";
import { type Callback, type Dataset, encodeModel, evaluate, predict, split, summary } from "@hooke/core";
import { createRunFolder, displayPath, progressLine, writeFileAtomic, writeReport } from "@hooke/core/node";
import { HookeError } from "@hooke/runtime";
import { concreteReport, metricRows, type Part, settingsText } from "./report.ts";
import {
  candidates,
  epochs,
  heldOutMetrics,
  holdOut,
  loadConcrete,
  loadSplits,
  trainConcrete,
  tryCandidates,
} from "./surrogate.ts";

const backend = wasmBackend();
const runs = process.argv[2] ?? fileURLToPath(new URL("../../runs", import.meta.url));

try {
  await main();
} catch (error) {
  // What a HookeError says is for the reader; anything else is a bug and shows where it is.
  if (!(error instanceof HookeError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const [data, [testRows]] = await Promise.all([loadConcrete(), loadSplits()]);
  const { train: known, test } = holdOut(data, testRows!);
  const { train, validation } = split(known, { train: "rest", validation: 0.15 }, 0);
  console.log(`${data.source}: ${data.count} rows, ${test.count} of them held out for the test.`);

  console.log(`\nChoosing among ${candidates.length} candidates, on training rows alone:`);
  const trials = await followed((line) => tryCandidates(backend, known, (trial) => showTrial(line, trial)));
  const width = Math.max(...trials.map(({ settings }) => settingsText(settings).length));
  for (const { settings, error } of trials) {
    console.log(`  ${settingsText(settings).padEnd(width)} validation RMSE ${error.toFixed(2)} MPa`);
  }

  const folder = await createRunFolder(runs, "concrete");
  const start = performance.now();
  console.log(`\nTraining the first on ${train.count} rows, watched on ${validation.count} (RMSE in MPa):`);
  const settings = trials[0]!.settings;
  const { model, history } = await followed((line) =>
    trainConcrete(backend, { train, validation }, settings, {
      callbacks: [showEpoch(line)],
      checkpoint: { every: 1000, save: (bytes) => writeFileAtomic(join(folder, "checkpoint.safetensors"), bytes) },
    }),
  );
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

  await writeFileAtomic(join(folder, "model.safetensors"), encodeModel(model));
  await writeFileAtomic(join(folder, "history.json"), `${JSON.stringify(history, null, 2)}\n`);
  await writeReport(join(folder, "report.html"), concreteReport({ trials, layers, history, parts, seconds }));
  console.log(`\nOpen report.html in the run folder, which also holds the model, a checkpoint and the history:`);
  console.log(`${displayPath(folder)}/`);
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
