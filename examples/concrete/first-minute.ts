// The advisor's first minute, what `npm start` does: which method fits a table, that method trained, a network beside it, both measured on
// rows that neither saw, and a report.
//
//   node examples/concrete/first-minute.ts [DATA.csv --target COLUMN] [--groups COLUMN|none] [--budget SECONDS] [--runs FOLDER]
//
// Without a file it is the concrete data. Ctrl-C stops it, and prints what is known by then.
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { wasmBackend } from "@hooke/backend-wasm";
import type { Prediction } from "@hooke/baselines";
import { predict } from "@hooke/core";
import { progressLine, runInterruptible } from "@hooke/core/node";
import { cellsOf, columnNames, columnOf, split, type Table, tableDataset, take, takeTableRows } from "@hooke/data";
import { createRunFolder, displayPath, readCsv, writeFileAtomic } from "@hooke/data/node";
import { type Advice, type AdviceSoFar, advise, encodeModelFile } from "@hooke/model-advisor";
import { writeReport } from "@hooke/report/node";
import { fail, HookeError } from "@hooke/runtime";
import { candidates, loadSplits, trainConcrete } from "./surrogate.ts";

/** Updates of the network are few: it is shown beside, and main.ts trains it as one would. */
const networkEpochs = 150;
/** Of the 90 s that all of it may take on two processors. */
const measuringSeconds = 40;

const backend = wasmBackend();
const { values, positionals } = parseArgs({
  options: {
    target: { type: "string" },
    groups: { type: "string" },
    budget: { type: "string", default: String(measuringSeconds) },
    runs: { type: "string", default: fileURLToPath(new URL("../../runs", import.meta.url)) },
  },
  allowPositionals: true,
});

await runInterruptible(main);

async function main(signal: AbortSignal): Promise<void> {
  const seconds = Number(values.budget);
  if (!(seconds > 0)) fail("start", `received --budget ${values.budget}; give the seconds to measure, above 0.`);
  const [path] = positionals;
  const target = targetOf(path);
  const table = await readCsv(path ?? new URL("data/concrete.csv", import.meta.url));
  columnOf(table, target);
  const test = path === undefined ? (await loadSplits())[0]! : heldOut(table);
  const held = new Set(test);
  const known = Array.from({ length: table.rowCount }, (_, row) => row).filter((row) => !held.has(row));
  const [learned, asked] = [takeTableRows(table, known), takeTableRows(table, test)];
  console.log(`${table.source}: ${table.rowCount} rows, ${test.length} of them held out for the end.`);
  console.log(
    `\nWhich method predicts ${target}? Measuring candidates for ${seconds} s on the other ${known.length}:\n`,
  );

  const advice = await advised(learned, target, seconds, signal);
  for (const sentence of advice.sentences()) console.log(sentence);
  console.log(`\n${advice.comparison.table()}\n`);
  for (const { text } of advice.warnings) console.log(`Warning: ${text}\n`);
  const name = advice.recommended?.method;
  if (name === undefined) console.log("Nothing is trained: no method is advised.");
  const model =
    name === undefined
      ? undefined
      : await followed(`training ${name}`, (onProgress) => advice.fit({ signal, onProgress }));

  const folder = await createRunFolder(values.runs, path === undefined ? "concrete" : basename(path, ".csv"));
  const report = join(folder, "report.html");
  const results: Result[] = [];
  if (model !== undefined) {
    await writeFileAtomic(join(folder, "model.safetensors"), encodeModelFile(model));
    const predicted = model.fitted.predict(asked, model.fitted.method.bounds === undefined ? {} : { level: 0.9 });
    results.push({ label: `${name} (advised)`, ...judged(asked, target, predicted) });
    const network = await networkBeside(table, target, known, test, signal);
    if (network !== undefined)
      results.push({ label: "network", ...judged(asked, target, { values: network, unseen: [] }) });
  }
  if (results.length > 0) console.log(`On the ${test.length} rows held out, which neither saw:`);
  for (const { label, measures } of results) {
    const told = Object.entries(measures).map(([measure, value]) => `${measure} ${value}`);
    console.log(`  ${label.padEnd(28)} ${told.join("   ")}`);
  }
  await writeReport(report, withResults(advice, results, test.length));
  console.log(`\nOpen the report${model === undefined ? "" : "; the model is beside it"}:\n${displayPath(report)}`);
}

/** The target's name. @throws where a file is given without one */
function targetOf(path: string | undefined): string {
  if (path === undefined) return "compressive_strength_MPa";
  return (
    values.target ??
    fail(
      "start",
      `received ${path} without its target; name the column to predict: npm start -- ${path} --target COLUMN`,
    )
  );
}

/** A tenth of the rows, of whole groups where they are known. */
function heldOut(table: Table): readonly number[] {
  const { groups } = values;
  const names = groups === undefined || groups === "none" ? undefined : cellsOf(table, columnOf(table, groups));
  return Array.from(split(table.rowCount, { known: "rest", test: 0.1 }, 0, names).test);
}

/** Advice; stopped on the way, it prints what is known. */
async function advised(table: Table, target: string, seconds: number, signal: AbortSignal): Promise<Advice> {
  let known: AdviceSoFar | undefined;
  const begun = performance.now();
  try {
    return await followed("measuring", (onProgress) =>
      advise(table, {
        target,
        ...(values.groups !== undefined && { groups: values.groups }),
        backend,
        budget: { seconds },
        signal,
        onAnswer: (answer) => {
          known = answer;
        },
        onProgress: ({ text }) =>
          onProgress({
            fraction: Math.min(1, (performance.now() - begun) / (1000 * seconds)),
            text: known === undefined ? text : `best so far ${known.method}; ${text}`,
          }),
      }),
    );
  } catch (error) {
    if (error === signal.reason && known !== undefined) {
      console.log(`\nMeasured before the stop; best so far ${known.method}:\n\n${known.comparison.table()}`);
    }
    throw error;
  }
}

type OnProgress = (progress: { readonly fraction: number; readonly text: string }) => void;

/** Work with a line on a terminal that says how far it is. */
async function followed<R>(label: string, work: (onProgress: OnProgress) => Promise<R>): Promise<R> {
  if (process.stderr.isTTY !== true) return work(() => undefined);
  const show: OnProgress = ({ fraction, text }) => {
    const line = `${label} ${Math.floor(100 * fraction)} %  ${text}`;
    process.stderr.write(`\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  };
  return work(show).finally(() => process.stderr.write("\r\x1b[2K"));
}

/** What the network of this example predicts for the test rows; where it cannot learn the table, it says why. */
async function networkBeside(
  table: Table,
  target: string,
  known: readonly number[],
  test: readonly number[],
  signal: AbortSignal,
): Promise<Float64Array | undefined> {
  if (columnOf(table, target).type === "text") {
    console.log("The network of this example predicts numbers, and is left out.\n");
    return undefined;
  }
  const line = progressLine({ label: "network", unit: "epochs" });
  try {
    const inputs = columnNames(table).filter((name) => name !== target && name !== values.groups);
    const oneHot = inputs.filter((name) => columnOf(table, name).type === "text");
    // Categories are those of the whole table: a column each.
    const data = tableDataset(table, { target, inputs, oneHot });
    const { model, stopReason } = await trainConcrete(backend, { train: take(data, known) }, candidates[1]!, {
      epochs: networkEpochs,
      signal,
      callbacks: process.stderr.isTTY ? [line] : [],
    });
    if (stopReason === "aborted") signal.throwIfAborted();
    return Float64Array.from((await predict(model, take(data, test).inputs, { backend })).data);
  } catch (error) {
    if (!(error instanceof HookeError) || signal.aborted) throw error;
    console.log(`The network is left out: ${error.message}\n`);
    return undefined;
  } finally {
    line.finish();
  }
}

/** How one did on the rows held out. */
interface Result {
  readonly label: string;
  readonly measures: Readonly<Record<string, string>>;
  readonly parity?: { readonly actual: Float64Array; readonly predicted: Float64Array };
}

function judged(
  table: Table,
  target: string,
  { values: predicted, bounds, classes }: Prediction,
): Omit<Result, "label"> {
  const column = columnOf(table, target);
  const count = table.rowCount;
  if (classes !== undefined) {
    const right = cellsOf(table, column).filter((cell, row) => cell === classes[predicted[row]!]).length;
    return { measures: { accuracy: (right / count).toFixed(3) } };
  }
  const actual = column.values as Float64Array;
  const mean = actual.reduce((sum, value) => sum + value, 0) / count;
  const squares = actual.reduce((sum, value, row) => sum + (value - predicted[row]!) ** 2, 0);
  const spread = actual.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const within =
    bounds && actual.filter((value, row) => bounds.lower[row]! <= value && value <= bounds.upper[row]!).length;
  return {
    measures: {
      RMSE: Math.sqrt(squares / count).toPrecision(4),
      "R²": (1 - squares / spread).toFixed(3),
      ...(within !== undefined && { "within 90 % bounds": `${((100 * within) / count).toFixed(0)} %` }),
    },
    parity: { actual, predicted },
  };
}

/** The advice's report, and in it what was held out to the end. */
function withResults(advice: Advice, results: readonly Result[], rows: number) {
  const report = advice.report();
  return {
    ...report,
    parity: [
      ...(report.parity ?? []),
      ...results.flatMap(({ label, parity }) => (parity ? [{ label, ...parity }] : [])),
    ],
    details: [
      ...results.map(({ label, measures }) => ({
        title: `${label}, on ${rows} rows held out`,
        rows: Object.entries(measures).map(([measure, value]) => ({ label: measure, value })),
      })),
      ...(report.details ?? []),
    ],
  };
}
