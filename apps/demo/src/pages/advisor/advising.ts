// One piece of advice: candidates are measured, the verdict is said, and the model that it leads to is fitted.
import { advise, type Failed, type FoldWork, foldMeasurer, type Measured } from "@hooke/model-advisor";
import type { Run } from "../../jobs/serve.ts";
import { handsFor } from "./hands.ts";
import { prepared } from "./prepared.ts";
import type { Settings } from "./settings.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

/** A candidate, as far as it has been measured. */
export interface Measuring {
  readonly method: string;
  /** Mean over its folds so far. */
  readonly error: number;
  readonly folds: number;
  /** Folds that are being measured now. */
  readonly running: number;
  /** Why it failed on a fold; empty where it did not. */
  readonly failed: string;
}

/** What the page shows of a job. */
export interface Advising {
  /** Spent on measuring. */
  readonly seconds: number;
  readonly stage: "looking for groups" | "measuring" | "fitting" | "done";
  readonly candidates: readonly Measuring[];
  /** Folds that are measured at once. */
  readonly workers: number;
  readonly verdict?: Verdict;
}

/** What was measured before a pause: it is not measured again. */
export interface Remembered {
  readonly seconds: number;
  readonly results: readonly (readonly [work: string, result: Measured | Failed])[];
}

/** Of the whole run, beside the seconds of measuring: those that fitting counts for. */
const fitting = 1;
export const totalOf = ({ seconds }: Settings): number => seconds + fitting;
/** The page is told so often, and the run kept so often, in ms. */
const [tellEvery, keepEvery] = [200, 4000];

const nameOf = ({ method, split, repeat, fold }: FoldWork): string => JSON.stringify([method, split, repeat, fold]);

/** Advises to the end, or until the run is to pause. */
export async function advising(settings: Settings, run: Run<Advising, Remembered>) {
  const { from, signal, report, keep } = run;
  const { table, options } = await prepared(settings);
  const hands = handsFor(settings, signal);
  const here = hands === undefined ? await foldMeasurer(table, { ...options, signal }) : undefined;
  const results = new Map(from?.checkpoint.results ?? []);
  const tally = new Map<string, { sum: number; folds: number; running: number; failed: string }>();
  const spent = from?.checkpoint.seconds ?? 0;
  const begun = performance.now();
  const seconds = (): number => Math.min(settings.seconds, spent + (performance.now() - begun) / 1000);
  let stage: Advising["stage"] = settings.groups === "" ? "looking for groups" : "measuring";
  const now = (): Advising => ({
    ...{ stage, seconds: seconds(), workers: hands?.count ?? 1 },
    candidates: [...tally].map(([method, { sum, folds, running, failed }]) => {
      return { method, folds, running, failed, error: sum / folds };
    }),
  });

  async function measure(work: FoldWork): Promise<Measured | Failed> {
    stage = "measuring";
    const known = results.get(nameOf(work));
    const isShown = work.split.kind === mainSplit(work);
    const row = tally.get(work.method) ?? { sum: 0, folds: 0, running: 0, failed: "" };
    if (isShown) tally.set(work.method, row);
    row.running++;
    const result = known ?? (await (hands?.measure ?? here!)(work));
    row.running--;
    if ("isCut" in result) return result;
    results.set(nameOf(work), result);
    if (!isShown) return result;
    if ("predicted" in result) {
      row.sum += result.error;
      row.folds++;
    } else row.failed = result.error;
    return result;
  }

  /** The split of the first fold is what is asked about; others follow, elsewhere. */
  let asked: string | undefined;
  const mainSplit = (work: FoldWork): string => {
    asked ??= work.split.kind;
    return asked;
  };

  const remember = (): Promise<void> => keep({ seconds: seconds(), results: [...results] }, seconds(), now());
  let kept = performance.now();
  const clock = setInterval(async () => {
    const shown = now();
    await report(shown.seconds, () => shown);
    if (performance.now() - kept > keepEvery) {
      kept = performance.now();
      await remember();
    }
  }, tellEvery);
  try {
    const left = Math.max(1, settings.seconds - spent);
    const workers = { count: hands?.count ?? 1, measure };
    const advice = await advise(table, { ...options, signal, workers, budget: { seconds: left } });
    stage = "fitting";
    const model = advice.recommended && (await advice.fit({ signal }));
    const verdict = await verdictOf(advice, model, table);
    stage = "done";
    return { done: totalOf(settings), shown: { ...now(), verdict } };
  } catch (error) {
    if (!signal.aborted) throw error;
    await remember();
    return { done: seconds(), shown: now() };
  } finally {
    clearInterval(clock);
    hands?.end();
  }
}
