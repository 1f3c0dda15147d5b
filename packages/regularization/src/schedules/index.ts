// Learning-rate schedules: pure functions of where training stands.
export type { Counted, Unit } from "./clock.ts";
export {
  type CosineAnnealingConfig,
  cosineAnnealing,
  type OneCycleConfig,
  oneCycle,
  type WarmRestartsConfig,
  warmRestarts,
} from "./cosine.ts";
export {
  type ExponentialConfig,
  exponential,
  type MultiStepConfig,
  multiStep,
  type PolynomialConfig,
  polynomial,
  type StepConfig,
  step,
} from "./decay.ts";
export { type Monitored, type ReduceOnPlateauConfig, reduceOnPlateau } from "./plateau.ts";
export { type WarmupConfig, warmup } from "./warmup.ts";
