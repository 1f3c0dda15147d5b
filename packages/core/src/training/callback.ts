// What is called with the events of a training, what it may do, and the options of `fit` that take it.
import type { HostArray } from "@hooke/runtime";
import type { TrainedModel } from "../model/trained-model.ts";
import type { Variables } from "../model/variables.ts";
import type { CheckpointEvent, EndEvent, EpochEvent, RecoveryEvent, StepEvent, ValidationEvent } from "./events.ts";
import type { TrainOptions } from "./options.ts";

/** What a callback may do besides looking. */
export interface FitControl {
  /** Ends the training after the current update; `reason` becomes the `stopReason`. */
  stop(reason: string): void;
  /** Has `fit` return a model with these variables instead of the last ones. */
  restore(variables: Variables<HostArray>): void;
  /** The model of this training with some variables, complete with its preprocessing. */
  modelWith(variables: Variables<HostArray>): TrainedModel;
}

/** Functions called with the events of a training. The training waits for promises they return. */
export interface Callback {
  onStep?(event: StepEvent, control: FitControl): void | Promise<void>;
  onEpoch?(event: EpochEvent, control: FitControl): void | Promise<void>;
  onValidation?(event: ValidationEvent, control: FitControl): void | Promise<void>;
  onCheckpoint?(event: CheckpointEvent, control: FitControl): void | Promise<void>;
  onRecovery?(event: RecoveryEvent, control: FitControl): void | Promise<void>;
  onEnd?(event: EndEvent, control: FitControl): void | Promise<void>;
}

/** Options of `fit`: those of `train`, and callbacks. */
export interface FitOptions extends TrainOptions {
  /** Called in order. Default none. */
  readonly callbacks?: readonly Callback[];
}
