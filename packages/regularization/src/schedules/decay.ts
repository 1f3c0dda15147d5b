// Schedules that only fall: by steps, at milestones, exponentially, as a power.
import type { Schedule } from "@hooke/core";
import { type Counted, checkSchedule, elapsed } from "./clock.ts";

/** Options of {@link step}. */
export interface StepConfig extends Counted {
  /** The first learning rate. */
  readonly learningRate: number;
  /** Epochs (or updates) between two drops. */
  readonly size: number;
  /** What a drop multiplies by. Default 0.1. */
  readonly factor?: number;
}

/** `learningRate factor^floor(t / size)`: PyTorch's StepLR. */
export function step(config: StepConfig): Schedule<StepConfig> {
  checkSchedule("step", config, ["learningRate", "size"], ["factor", "every"]);
  const { learningRate, size, factor = 0.1, every } = config;
  return { type: "step", config, at: (moment) => learningRate * factor ** Math.floor(elapsed(moment, every) / size) };
}

/** Options of {@link multiStep}. */
export interface MultiStepConfig extends Counted {
  /** The first learning rate. */
  readonly learningRate: number;
  /** The epochs (or updates) at which the rate drops. */
  readonly milestones: readonly number[];
  /** What a drop multiplies by. Default 0.1. */
  readonly factor?: number;
}

/** `learningRate factor^(milestones reached)`: PyTorch's MultiStepLR. */
export function multiStep(config: MultiStepConfig): Schedule<MultiStepConfig> {
  checkSchedule("multiStep", config, ["learningRate", "milestones"], ["factor", "every"]);
  const { learningRate, milestones, factor = 0.1, every } = config;
  const reached = (t: number): number => milestones.filter((milestone) => t >= milestone).length;
  return { type: "multiStep", config, at: (moment) => learningRate * factor ** reached(elapsed(moment, every)) };
}

/** Options of {@link exponential}. */
export interface ExponentialConfig extends Counted {
  /** The first learning rate. */
  readonly learningRate: number;
  /** What each epoch (or update) multiplies by. */
  readonly factor: number;
}

/** `learningRate factor^t`: PyTorch's ExponentialLR. */
export function exponential(config: ExponentialConfig): Schedule<ExponentialConfig> {
  checkSchedule("exponential", config, ["learningRate", "factor"], ["every"]);
  const { learningRate, factor, every } = config;
  return { type: "exponential", config, at: (moment) => learningRate * factor ** elapsed(moment, every) };
}

/** Options of {@link polynomial}. */
export interface PolynomialConfig extends Counted {
  /** The first learning rate. */
  readonly learningRate: number;
  /** Epochs (or updates) until the rate is 0, where it stays. */
  readonly length: number;
  /** Default 1: linear. */
  readonly power?: number;
}

/** `learningRate (1 - min(t, length) / length)^power`: PyTorch's PolynomialLR. */
export function polynomial(config: PolynomialConfig): Schedule<PolynomialConfig> {
  checkSchedule("polynomial", config, ["learningRate", "length"], ["power", "every"]);
  const { learningRate, length, power = 1, every } = config;
  return {
    type: "polynomial",
    config,
    at: (moment) => learningRate * (1 - Math.min(elapsed(moment, every), length) / length) ** power,
  };
}
