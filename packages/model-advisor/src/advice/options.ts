// What one can tell the advisor: all of it may be left out but the target.
import { type FitProgress, isMethod, type Method, type Samples } from "@hooke/baselines";
import { type Backend, checkOptions, checks, type OptionTable } from "@hooke/runtime";
import { sharedChecks } from "../comparison/compare.ts";
import type { FoldWorkers } from "../comparison/measurement.ts";
import type { ErrorName } from "../comparison/metrics.ts";
import type { Law } from "../laws/law.ts";
import type { Structure } from "../rules/rules.ts";
import type { AdviceSoFar, Budget } from "./advice.ts";

/** What may be predicted: rows like those that are there, of new groups, of another family, beyond the targets seen, or later ones. */
export const purposes = ["same-population", "new-group", "new-family", "beyond-range", "later"] as const;

/** What will be predicted. */
export type Purpose = (typeof purposes)[number];

/** How much a model that a person can read is worth. */
export const readabilities = ["required", "preferred", "indifferent"] as const;

/** Whether a person must be able to read the model, may want to, or need not. */
export type Readability = (typeof readabilities)[number];

/** What a table may be read as. */
export const tableStructures = ["table", "sequences"] as const;

/** Options of {@link advise}. */
export interface AdviseOptions {
  /** The column to predict. */
  readonly target: string;
  /** What the model is for. It decides how rows are held back. Default `"new-group"` where there are groups, else `"same-population"`. */
  readonly purpose?: Purpose;
  /**
   * The column that names what rows belong to, such as specimens, or `"none"`: rows stand by themselves. Default: they are looked for, and
   * until this is answered both errors are shown and the larger one ranks.
   */
  readonly groups?: string;
  /**
   * What a model that a person can read is worth. `"required"`: others are left out. `"preferred"`: an error up to `equivalence` above the best one's, where
   * folds do not tell them apart. `"indifferent"`: no error at all, so that the one expected to be best is recommended, whoever predicts about as well. Default
   * `"preferred"`.
   */
  readonly readable?: Readability;
  /** What is known already: a model that is no better than a law is not advised. */
  readonly laws?: readonly Law[];
  /**
   * Further candidates by name, or what gives them by what the data are, such as `networksFor` of `@hooke/model-advisor/network` and `graphNetworks` of
   * `@hooke/model-advisor/graphs`. Of images they see the pixels of `imageTable`, of graphs the graphs themselves, of volumes statistics as the others do.
   */
  readonly methods?:
    | Readonly<Record<string, Method>>
    | ((structure: Structure, samples: Samples) => Readonly<Record<string, Method>>);
  /**
   * How long to measure: in seconds, by the clock, or in times that all rows are divided anew, which measures the same whatever else the
   * machine does. Default 60 s. The first answer is that of the quick methods on one fold; the first division is measured with them in any case.
   */
  readonly budget?: Budget;
  /**
   * At most how many rows are measured on. Of more, so many are drawn at random by the seed, and the advice says so; `fit()` learns from all.
   * Default 10,000.
   */
  readonly measuredRows?: number;
  /**
   * Whether columns of a table with running numbers, `"x0"`, `"x1"`, ..., nine or more, are inputs like others or steps of sequences, which have candidates of
   * their own. Default: steps, where the mean size of a column's correlation with the next one is 0.5 or more; the advice says what it took them for.
   */
  readonly structure?: (typeof tableStructures)[number];
  /**
   * The column of molecules written as SMILES, or `"none"`. Candidates then see descriptors of each, networks its graph; it takes the package `openchemlib`.
   * Default: the first column of text all of whose cells can be read as such, unless `structure` is given; the advice says so.
   */
  readonly smiles?: string;
  /** Whether errors under other splits are measured too, for `elsewhere`. Default true. */
  readonly elsewhere?: boolean;
  readonly inputs?: readonly string[];
  readonly categories?: readonly string[];
  readonly classes?: boolean;
  /** Default `"rmse"`, or `"crossEntropy"` of classes. */
  readonly error?: ErrorName;
  /** The share of an error that makes no difference. Default 0.03. */
  readonly equivalence?: number;
  /** Default 0. */
  readonly seed?: number;
  /** For Gaussian processes; without one they are no candidates, and the advice says so. */
  readonly backend?: Backend;
  /** Who measures folds, such as workers that use `foldMeasurer`. Default: they are measured here, one after the other. */
  readonly workers?: FoldWorkers;
  readonly signal?: AbortSignal;
  /** The `fraction` is that of the budget: of its seconds, or of all folds that its repeats may take. It never falls. */
  readonly onProgress?: (progress: FitProgress) => void;
  /** Called with what can be said after each round of measuring. */
  readonly onAnswer?: (answer: AdviceSoFar) => void;
}

/** Where none is given. */
export const defaultBudget = { seconds: 60 } as const;

const table: OptionTable<AdviseOptions> = {
  required: { target: sharedChecks.groups },
  optional: {
    ...sharedChecks,
    purpose: (value) => checks.oneOf(value, purposes),
    readable: (value) => checks.oneOf(value, readabilities),
    laws: (value) =>
      Array.isArray(value) &&
      value.every(({ name, formula }) => typeof name === "string" && typeof formula === "function")
        ? undefined
        : "a list of laws, such as { name, formula: (row) => 200 + row.k / Math.sqrt(row.grain) }",
    methods: (value) =>
      typeof value === "function" ||
      (typeof value === "object" && value !== null && Object.values(value).every(isMethod))
        ? undefined
        : "methods by name, such as { ridge: ridge() }, or a function that gives them, such as networksFor",
    budget: (value) => {
      const { seconds, repeats, ...rest } = (value ?? {}) as { readonly seconds?: unknown; readonly repeats?: unknown };
      const isOne = (seconds === undefined) !== (repeats === undefined) && Object.keys(rest).length === 0;
      const fault = seconds === undefined ? checks.count(repeats) : checks.positive(seconds);
      return isOne && fault === undefined ? undefined : "{ seconds }, above 0, or { repeats }, from 1";
    },
    measuredRows: checks.count,
    smiles: sharedChecks.groups,
    structure: (value) => checks.oneOf(value, tableStructures),
    elsewhere: checks.flag,
    workers: (value) => {
      const { count, measure } = (value ?? {}) as Partial<FoldWorkers>;
      return checks.count(count) === undefined && typeof measure === "function"
        ? undefined
        : "{ count, measure }, such as { count: 2, measure: (work) => ask(work) }";
    },
    onAnswer: (value) => (typeof value === "function" ? undefined : "a function of the answer so far"),
  },
};

/** @throws on unknown options, by the nearest name */
export const checkAdviseOptions = (options: AdviseOptions): void =>
  checkOptions<AdviseOptions>("advise", options, table);
