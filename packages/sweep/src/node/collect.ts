// What a sweep has come to: results that are there, joined, and trials that are missing, each with the reason.
import { folderHolder, pathCheck } from "@hooke/data/node";
import { checkArgument, fail } from "@hooke/runtime";
import { stepsToDo, type TrialState } from "./order.ts";
import { readSweep, trialFiles } from "./sweep-folder.ts";
import { decode, encode } from "./values.ts";

/** A trial that has ended. */
export interface FinishedTrial<P = unknown, R = unknown> {
  readonly index: number;
  readonly parameters: P;
  readonly result: R;
  /** With halving: the largest budget that it had. */
  readonly budget: number | undefined;
  /** What the process that finished it computed for. */
  readonly seconds: number;
  /** How many processes began it: more than 1 where one was killed. */
  readonly attempts: number;
  /** Where its checkpoint is, and what it kept itself. */
  readonly folder: string;
}

/** A trial without a result. */
export interface MissingTrial<P = unknown> {
  readonly index: number;
  readonly parameters: P;
  /** With halving: the budget that it should have and has not. */
  readonly budget: number | undefined;
  /** `"not begun"`, `"at work: process 12 on node7"`, `"interrupted"`, or `"failed: "` and with what. */
  readonly why: string;
}

/** What {@link collect} finds. */
export interface Collected<P = unknown, R = unknown> {
  readonly settings: unknown;
  /** In the order of the list. */
  readonly finished: readonly FinishedTrial<P, R>[];
  /** In the order of the list. Empty: the sweep is complete. */
  readonly missing: readonly MissingTrial<P>[];
}

const who = "collect";

/**
 * Reads what the processes of a sweep have left in its folder, while they are at work or afterwards. It changes nothing.
 *
 * @param folder as {@link runSweep} was given
 * @throws if it is no folder of a sweep, and on a damaged record (`"corrupt-file"`)
 */
export async function collect<P = unknown, R = unknown>(folder: string): Promise<Collected<P, R>> {
  checkArgument(who, "the folder", folder, pathCheck);
  const sweep = await readSweep(who, folder);
  if (sweep === undefined)
    return fail(who, `there is no sweep.json in ${folder}. Give the folder of a sweep.`, "file-system");
  const budgets = sweep.halving?.budgets ?? [undefined];
  const finished: FinishedTrial<P, R>[] = [];
  const states: TrialState[] = [];
  for (const [index, json] of sweep.trials.entries()) {
    const files = trialFiles(who, folder, index);
    const scores: (number | undefined)[] = budgets.map(() => undefined);
    let best: FinishedTrial<P, R> | undefined;
    for (const [stage, budget] of budgets.entries()) {
      const record = await files.result(budget).read();
      if (record === undefined) break;
      scores[stage] = decode(record.score) as number;
      const { seconds, attempts } = record;
      const [parameters, result] = [decode(json) as P, decode(record.result) as R];
      best = { index, parameters, result, budget, seconds, attempts, folder: files.folder };
    }
    if (best !== undefined) finished.push(best);
    states.push({ index, scores, begun: false, failed: false });
  }
  const missing: MissingTrial<P>[] = [];
  const steps = stepsToDo(states, sweep.halving).sort((a, b) => a.index - b.index);
  for (const { index, stage } of steps) {
    const why = await reason(folder, index);
    missing.push({ index, parameters: decode(sweep.trials[index]!) as P, budget: budgets[stage], why });
  }
  return { settings: decode(sweep.settings), finished, missing };
}

/**
 * What {@link collect} found, as text of JSON. A number that JSON does not have is a record, which nothing else can be:
 * `{ "$number": "NaN" }`, `"Infinity"`, `"-Infinity"` or `"-0"`. Names are those of {@link Collected}; a budget that there is not is left out.
 *
 * @throws on anything that {@link collect} does not return
 */
export function collectedJson(found: Collected): string {
  checkArgument("collectedJson", "the argument", found, (value) =>
    ["finished", "missing"].every((name) =>
      Array.isArray((value as Partial<Record<string, unknown>> | null | undefined)?.[name]),
    )
      ? undefined
      : "what collect returns",
  );
  const { settings, finished, missing } = found;
  const json = (value: unknown) => encode("collectedJson", "a value", value);
  return JSON.stringify({
    settings: json(settings),
    finished: finished.map((trial) => ({
      ...trial,
      parameters: json(trial.parameters),
      result: json(trial.result),
    })),
    missing: missing.map((trial) => ({ ...trial, parameters: json(trial.parameters) })),
  });
}

async function reason(root: string, index: number): Promise<string> {
  const files = trialFiles(who, root, index);
  const held = await folderHolder(files.folder, "trial");
  if (held !== undefined) {
    const { pid, host } = held.holder ?? {};
    const where = held.holder === undefined ? "" : `: process ${pid} on ${host}`;
    return `${held.state === "held" ? "at work" : "perhaps at work"}${where}`;
  }
  const failure = await files.failure.read();
  if (failure !== undefined) return `failed: ${failure.message}`;
  return (await files.attempts.read()) === undefined ? "not begun" : "interrupted";
}
