// Advice: what is recommended, why, how sure that is, and what to do next.
import type { FitProgress, Fitted, Method } from "@hooke/baselines";
import type { Report } from "@hooke/report";
import type { Backend } from "@hooke/runtime";
import type { Comparison, MethodResult } from "../comparison/comparison.ts";
import type { ErrorName } from "../comparison/metrics.ts";
import type { LearningCurve } from "../curve/learning-curve.ts";
import type { DomainCard } from "../domain/domain.ts";
import type { ExplainOptions, Explanation } from "../explaining/explanation.ts";
import type { Assumption, Warning } from "../reading/reading.ts";
import type { Rule } from "../rules/rules.ts";
import type { Split } from "../splits/splits.ts";

/** How long to measure: seconds by the clock, or times that all rows are divided anew. */
export type Budget = { readonly seconds: number } | { readonly repeats: number };

/** What can be said while measuring goes on. */
export interface AdviceSoFar {
  /** The best so far: its name among the candidates. */
  readonly method: string;
  readonly comparison: Comparison;
}

/** What is recommended. */
export interface Recommendation extends MethodResult {
  /**
   * Where the error on as many new rows as a fold has is expected in 9 of 10 cases, of the model that learns from all rows: the lower end is
   * that of the folds, less what the learning curve promises for the rows that they kept back.
   */
  readonly range: readonly [number, number];
  /** How rows were held back: `"by row"`, `"by specimen"`. */
  readonly split: string;
  /** Whether a person can read what it learns. */
  readonly readable: boolean;
  /** Why it and no other, in a sentence. */
  readonly because: string;
}

/** Errors of one method under another split. */
export interface UnderSplit {
  readonly split: string;
  readonly method: string;
  readonly error: number;
  readonly skill: number;
}

/** Whether the inputs say anything of the target. */
export interface Signal {
  readonly found: boolean;
  /** Of the best method: the share of the dummy's error that it takes away. */
  readonly skill: number;
  /** How often so much would be found where nothing is, corrected for the number of candidates. */
  readonly pValue: number;
  /** Of rows whose inputs are the same: no method gets below. */
  readonly noiseFloor?: { readonly rmse: number; readonly rows: number };
}

/** How advice was come by: with the data, it can be had again by `compare`. */
export interface AdviceRecord {
  readonly version: string;
  readonly rules: number;
  readonly seed: number;
  readonly split: Split;
  readonly error: ErrorName;
  readonly equivalence: number;
  readonly rows: number;
  /** Of these, rows that were measured on. */
  readonly measuredRows: number;
  /** What was asked for; `isCut` where time ended before all that was to be measured. */
  readonly budget: Budget;
  readonly isCut: boolean;
  readonly inputs: readonly string[];
  readonly groups?: string;
  readonly methods: Readonly<Record<string, unknown>>;
  readonly measured: object;
}

/** A model that was advised, fitted on all rows. */
export interface AdvisedModel {
  readonly fitted: Fitted;
  readonly domain: DomainCard;
}

/** Options of `advice.fit()`. */
export interface AdvisedFitOptions {
  /** The candidate to fit. Default the recommended one. */
  readonly method?: string;
  readonly backend?: Backend;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

/** Options of `advice.explain()`. */
export interface AdvisedExplainOptions extends Omit<ExplainOptions, "groups" | "weights" | "seed"> {
  /** The candidate to explain. Default the recommended one. */
  readonly method?: string;
}

/** What {@link advise} says. */
export interface Advice {
  readonly target: string;
  readonly unit?: string;
  readonly assumptions: readonly Assumption[];
  readonly warnings: readonly Warning[];
  /** What a textbook would say, before anything is measured. */
  readonly rule: Rule;
  readonly signal: Signal;
  /** Undefined where nothing is better than guessing the mean, or than a known law. */
  readonly recommended?: Recommendation;
  /** Predict as well as the recommended one, simplest first. */
  readonly equivalent: readonly string[];
  /** Not told apart from the best by what was measured. */
  readonly tie: readonly string[];
  readonly comparison: Comparison;
  /** Error over the least one, less 1, by method, where what is usual on other tables counts beside what was measured: the less sure that is, the more. */
  readonly expected: Readonly<Record<string, number>>;
  /** The recommended method and its rivals under other splits: what the error is elsewhere. */
  readonly elsewhere: readonly UnderSplit[];
  /** What readability costs: the best readable method, and its error over the least, less 1. */
  readonly readable?: { readonly method: string; readonly price: number };
  readonly moreData?: LearningCurve;
  /** What was not tried, and why; where time did not suffice, with the budget that would. */
  readonly untried: readonly { readonly method: string; readonly because: string }[];
  readonly record: AdviceRecord;
  /** All that might have been recommended, by name, the simplest first: for `compare` under a split of one's own. */
  readonly candidates: Readonly<Record<string, Method>>;
  /** All of it in a few sentences. */
  sentences(): string[];
  /** Fits on all rows: numbers get bounds that hold, see `withBounds`: for a new group where groups were held back whole. */
  fit(options?: AdvisedFitOptions): Promise<AdvisedModel>;
  /** Fits on all rows and explains: what the method says, what inputs are worth on rows held back as groups ask, how predictions change with them. */
  explain(options?: AdvisedExplainOptions): Promise<Explanation>;
  /** For `renderReport`, `writeReport` and `showReport` of `@hooke/report`. @param explanation shown beside the advice */
  report(explanation?: Explanation): Report;
  markdown(): string;
  toJSON(): object;
}
