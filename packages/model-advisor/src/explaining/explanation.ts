// An explanation: what a fitted method says, what its inputs are worth, and how predictions change with them.
import type {
  AccumulatedEffects,
  CertainCoefficients,
  Coefficients,
  FitProgress,
  Importances,
  LengthScale,
} from "@hooke/baselines";
import type { Figure, Report } from "@hooke/report";
import type { Backend } from "@hooke/runtime";

/** Options of {@link explain}. */
export interface ExplainOptions {
  /** The column that names groups of rows: they are held back, and drawn, whole. Default: every row by itself. */
  readonly groups?: string;
  /** How much each row counts. Default 1 each. */
  readonly weights?: ArrayLike<number>;
  /** Draws of rows for intervals and bands. Default 100. */
  readonly repeats?: number;
  /** The share of draws within them. Default 0.95. */
  readonly level?: number;
  /** Default 0. */
  readonly seed?: number;
  /** For methods that learn on one, such as Gaussian processes. */
  readonly backend?: Backend;
  /** Ends it. Default: it runs to the end. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

/** How much of predictions an input takes, on average over rows. */
export interface MeanShare {
  readonly output: string;
  readonly input: string;
  /** The mean magnitude of its Shapley values; in the unit of the target, of numbers. */
  readonly share: number;
}

/** What a method says of itself, by its kind. */
export type OwnWords =
  | {
      readonly kind: "coefficients";
      /** With intervals, where the table is the one that was learned from. */
      readonly sums: readonly (Coefficients | CertainCoefficients)[];
      /** A sentence for each term that counts. */
      readonly words: readonly string[];
    }
  | {
      readonly kind: "shares";
      /** How they were found: of trees exactly, of methods without words of their own by asking them. */
      readonly by: "TreeSHAP" | "Kernel SHAP";
      readonly shares: readonly MeanShare[];
      readonly rows: number;
    }
  | { readonly kind: "length scales"; readonly scales: readonly LengthScale[] };

/** What is said in data: the rest of an {@link Explanation} is made of it. */
export interface ExplanationFacts {
  /** Its name, that of what chooses or bounds it aside. */
  readonly method: string;
  readonly target: string;
  readonly unit?: string;
  /** The share of draws within intervals and bands. */
  readonly level: number;
  /** Not of methods with more than 30 inputs that are no linear ones, trees or Gaussian processes. */
  readonly own?: OwnWords;
  /** On rows held back, inputs that say the same together. Not of tables without the target. */
  readonly importance?: Importances;
  /** Of the inputs that matter most, twelve at most, and of pairs of the first three. */
  readonly effects: AccumulatedEffects;
}

/** What {@link explain} says. */
export interface Explanation extends ExplanationFacts {
  /** All of it in a few sentences. */
  sentences(): string[];
  /** For a report of `@hooke/report`, beside others. */
  figures(): Figure[];
  /** A report of its own. */
  report(): Report;
  markdown(): string;
  toJSON(): object;
}
