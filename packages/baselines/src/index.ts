/**
 * Classical methods for tables: what a network has to beat, and often cannot.
 *
 * @packageDocumentation
 */
export { dummy } from "./dummy/dummy.ts";
export { defineMethod, isMethod } from "./method/define-method.ts";
export { decodeFitted, encodeFitted } from "./method/file.ts";
export type {
  Bounds,
  FitOptions,
  FitProgress,
  Fitted,
  LearnContext,
  Method,
  MethodDefinition,
  MethodFactory,
  Prediction,
  PredictOptions,
  TargetSchema,
  Task,
} from "./method/method.ts";
export { type Random, randomFrom } from "./method/random.ts";
export {
  type CategoryInput,
  type ClassTarget,
  type ColumnOptions,
  type Input,
  type InputSchema,
  type Inputs,
  type NumberInput,
  type NumberTarget,
  type Samples,
  samplesOf,
  type Target,
  takeSamples,
  type Unseen,
} from "./method/samples.ts";
export type { State } from "./method/state.ts";
export { baselines } from "./plugin.ts";
