// What methods are: their parts as an author writes them, as values that learn, and what has been learned.
import type { Table } from "@hooke/data";
import type { Backend, HostArray, OptionTable } from "@hooke/runtime";
import type { Form } from "./form.ts";
import type { ColumnOptions, InputSchema, Inputs, Samples, Unseen } from "./samples.ts";
import type { State } from "./state.ts";

/** What a target can be: numbers, or classes. */
export type Task = "regression" | "classification";

/** How far a fit has come. */
export interface FitProgress {
  /** Of the work, from 0 to 1. */
  readonly fraction: number;
  /** What is being done: `"tree 120 of 500"`. */
  readonly text: string;
}

/** What `learn` may use besides samples and options. */
export interface LearnContext {
  /** The root of all that is random; derive streams of it with `randomFrom`. */
  readonly key: HostArray;
  /** Long work asks it between its rounds: lets the event loop turn, tells how far it is, and throws the signal's reason. */
  readonly pause: (progress: () => FitProgress) => Promise<void> | undefined;
  /** For methods that compute on one; where it is missing they say so. */
  readonly backend?: Backend;
  /** Says, in a sentence, what deserves a look: of the data, or of how the fit went. */
  readonly warn: (sentence: string) => void;
  /** For methods made of others: what one has learned already of these very samples with this key. Default: nothing is known. */
  readonly known?: (method: Method, samples: Samples, key: HostArray) => State | undefined;
}

/** Where a share `level` of new targets is expected. */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** A method as its author writes it. All functions are pure. */
export interface MethodDefinition<O, S extends State> {
  /** A third party prefixes its own: `acme/krige`. */
  readonly name: string;
  /** What it can learn. */
  readonly tasks: readonly Task[];
  /** Whether it reads texts among the inputs, itself or by a method in it. Default: they are refused. */
  readonly texts?: true;
  /** Checks of the options. Options are JSON, or methods. */
  readonly options: OptionTable<NoInfer<O>>;
  /** Checks that need several options at once: what is wrong, or undefined. Default: none. */
  readonly check?: (options: O) => string | undefined;
  /** What is learned from samples, which are checked: one row at least, targets known. The same samples, options and key give the same bits. */
  readonly learn: (samples: Samples, options: O, context: LearnContext) => Promise<S>;
  /**
   * Regression: a number a row, in the unit of the target. Classification: `[rows, classes]`, probabilities that sum to 1 in each row.
   * Inputs have the columns that it learned from.
   */
  readonly predict: (state: S, inputs: Inputs, options: O) => Float64Array;
  /** Where a share `level` of new targets is expected. Default: it does not know; `conformal` knows of every method. */
  readonly bounds?: (state: S, inputs: Inputs, level: number, options: O) => Bounds;
  /**
   * Standard deviation of new targets about what is predicted, in the unit of the target, above 0. Default: it does not know; `conformal` knows of
   * every method.
   */
  readonly deviation?: (state: S, inputs: Inputs, options: O) => Float64Array;
  /** What a state looks like: a file with another one is refused. Default: a file is taken at its word, and one row is predicted by it. */
  readonly form?: (options: O) => Form<S>;
  /** The method with all that it chose of its rows fixed: on parts of them it need not choose again. Default: it chooses nothing that takes long. */
  readonly settled?: (state: S, options: O) => Method;
  /** The method beginning at what it chose of its rows: on parts of them it chooses anew, and sooner than before. Default: `settled`. */
  readonly resumed?: (state: S, options: O) => Method;
}

/** Options of `fit`. */
export interface FitOptions extends ColumnOptions {
  /** How much each row counts. Default 1 each. */
  readonly weights?: ArrayLike<number>;
  /** Of all that is random. Default 0. */
  readonly seed?: number;
  /** Where methods compute that need one, such as Gaussian processes: `wasmBackend()`. Default none. */
  readonly backend?: Backend;
  /** Ends the fit. Default: it runs to the end. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FitProgress) => void;
}

/** A method with its options: a value that learns. In JSON it is its name and its options. */
export interface Method<S extends State = State> {
  readonly method: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly tasks: readonly Task[];
  /**
   * Learns from the rows of a table.
   *
   * @param target the column to predict: numbers, or text, which makes classes of it
   * @throws on columns and cells that cannot be used, by name and line; the signal's reason if it is aborted
   */
  fit(table: Table, target: string, options?: FitOptions): Promise<Fitted<S>>;
  /** `learn` of the definition: for methods made of others, and for those who have samples. */
  learn(samples: Samples, context: LearnContext): Promise<S>;
  /** `predict` of the definition. */
  predict(state: S, inputs: Inputs): Float64Array;
  /** `bounds` of the definition, where it has them. */
  bounds?(state: S, inputs: Inputs, level: number): Bounds;
  /** `deviation` of the definition, where it has it. */
  deviation?(state: S, inputs: Inputs): Float64Array;
  /** `form` of the definition, where it has it. */
  readonly form?: Form<S>;
  /** `settled` of the definition, where it has it. */
  settled?(state: S): Method;
  /** `resumed` of the definition, where it has it. */
  resumed?(state: S): Method;
  toJSON(): object;
}

/** Makes methods of one name. The options may be left out where all of them are optional. */
export type MethodFactory<O, S extends State> = (Record<never, never> extends O
  ? (options?: O) => Method<S>
  : (options: O) => Method<S>) & { readonly method: string };

/** What a model remembers of its target. */
export type TargetSchema =
  | { readonly name: string; readonly type: "number"; readonly unit?: string }
  | { readonly name: string; readonly type: "class"; readonly classes: readonly string[] };

/** What is predicted for the rows of a table. */
export interface Prediction {
  /** Of numbers: one a row, in the unit of the target. Of classes: the number of the most probable one, the first of equals. */
  readonly values: Float64Array;
  /** Of classes: `[rows, classes]`; each row sums to 1. */
  readonly probabilities?: Float64Array;
  /** Of classes: their names, by number. */
  readonly classes?: readonly string[];
  /** Where a share `level` of targets is expected, if `level` was asked for. */
  readonly bounds?: Bounds;
  /** Beside `bounds`, where the method knows it: the standard deviation of targets about the value, in the unit of the target. */
  readonly deviation?: Float64Array;
  /** Categories that no row of the training had: they count as missing. */
  readonly unseen: readonly Unseen[];
}

/** Options of `predict`. */
export interface PredictOptions {
  /** The share of targets that shall lie within `bounds`: 0.9. Default: no bounds. */
  readonly level?: number;
}

/** A method and what it has learned. */
export interface Fitted<S extends State = State> {
  readonly method: Method<S>;
  readonly target: TargetSchema;
  /** The columns it learned from; it finds them by name. */
  readonly inputs: readonly InputSchema[];
  /** Rows that it learned from. */
  readonly rowCount: number;
  readonly seed: number;
  /** What has been learned, as data. */
  readonly state: S;
  /** What deserves a look, a sentence each. */
  readonly warnings: readonly string[];
  /**
   * Predicts for a table that has the inputs' columns, in any order.
   *
   * @throws on columns that are not there, and on a `level` where the method knows no bounds
   */
  predict(table: Table, options?: PredictOptions): Prediction;
}
