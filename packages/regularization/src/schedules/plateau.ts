// A schedule that watches the history: the rate falls where the monitored value stops improving.

import type { History, Schedule } from "@hooke/core";
import { type Direction, isBetter } from "@hooke/data";
import { type Check, checkOptions, checks, fail } from "@hooke/runtime";
import { checkMinimum } from "./clock.ts";

/**
 * What a schedule may watch: the validation loss, the training loss, or a metric (the object itself, for its
 * direction).
 */
export type Monitored = "loss" | "trainingLoss" | { readonly name: string; readonly direction: Direction };

/** Options of {@link reduceOnPlateau}. */
export interface ReduceOnPlateauConfig {
  /** The first learning rate. */
  readonly learningRate: number;
  /** What a reduction multiplies by, above 0 and below 1. Default 0.1. */
  readonly factor?: number;
  /**
   * Epochs without improvement that are borne; PyTorch reduces after one more, Keras at the last of them. Default 10.
   */
  readonly patience?: number;
  /** What a value must be better by to count as an improvement. Default 1e-4. */
  readonly threshold?: number;
  /**
   * Whether the threshold is a share of the best value's magnitude or in its units. Default `"relative"`; with Keras
   * always `"absolute"`. PyTorch multiplies the value itself, so that one below 0 always counts as improved.
   */
  readonly thresholdMode?: "relative" | "absolute";
  /** Epochs after a reduction in which nothing is counted. Default 0. */
  readonly cooldown?: number;
  /** The smallest rate. Default 0. */
  readonly minimum?: number;
  /** Default `"loss"`, the validation loss. */
  readonly monitor?: Monitored;
  /** Whose rules are followed. Default `"pytorch"`. */
  readonly compat?: "pytorch" | "keras";
}

const monitored: Check = (value) => {
  if (value === "loss" || value === "trainingLoss") return undefined;
  const { name, direction } = (value ?? {}) as { readonly name?: unknown; readonly direction?: unknown };
  const isMetric = typeof name === "string" && checks.oneOf(direction, ["minimize", "maximize"]) === undefined;
  return isMetric ? undefined : '"loss", "trainingLoss" or a metric with its name and direction, such as metrics.r2';
};

/**
 * Multiplies the rate by `factor` when the monitored value has not improved for `patience` epochs: PyTorch's
 * ReduceLROnPlateau, or Keras's with `compat: "keras"`. They differ by one epoch of patience, in how the cooldown ends,
 * in the threshold, and PyTorch leaves out reductions below 1e-8.
 *
 * It follows from the history alone, which checkpoints hold: a resumed training sees the rates of the uninterrupted
 * one.
 *
 * @throws in training, if the monitored value is not in the history, or has no value (with the reason); a NaN without
 *   reason counts as an epoch without improvement
 */
export function reduceOnPlateau(config: ReduceOnPlateauConfig): Schedule<ReduceOnPlateauConfig> {
  checkOptions<ReduceOnPlateauConfig>("reduceOnPlateau", config, {
    required: { learningRate: checks.positive },
    optional: {
      factor: checks.betweenZeroAndOne,
      patience: checks.wholeNumber,
      threshold: checks.nonNegative,
      thresholdMode: (value) => checks.oneOf(value, ["relative", "absolute"]),
      cooldown: checks.wholeNumber,
      minimum: checks.nonNegative,
      monitor: monitored,
      compat: (value) => checks.oneOf(value, ["pytorch", "keras"]),
    },
  });
  checkMinimum("reduceOnPlateau", config);
  const { monitor = "loss", compat = "pytorch", thresholdMode } = config;
  if (compat === "keras" && thresholdMode === "relative") {
    fail("reduceOnPlateau", 'received thresholdMode "relative" with compat "keras", whose threshold is absolute.');
  }
  const stored = typeof monitor === "string" ? monitor : { name: monitor.name, direction: monitor.direction };
  const follow = compat === "pytorch" ? pytorchRate : kerasRate;
  return {
    type: "reduceOnPlateau",
    config: { ...config, monitor: stored },
    at: ({ history }) => follow(config, monitoredValues(history, monitor)),
  };
}

/** The monitored value of each epoch, and which way is better. */
function monitoredValues(history: History, monitor: Monitored): Values {
  const direction = typeof monitor === "object" ? monitor.direction : "minimize";
  const values = history.map(({ loss, validation }) => {
    if (monitor === "trainingLoss") return loss;
    const value = monitor === "loss" ? validation?.loss : validation?.metrics[monitor.name];
    const why = typeof monitor === "object" && validation?.undefinedMetrics?.[monitor.name];
    if (why) {
      fail("reduceOnPlateau", `the metric "${monitor.name}" has no value to follow: ${why}.`, "invalid-data");
    }
    if (value !== undefined) return value;
    if (validation === undefined) {
      fail(
        "reduceOnPlateau",
        'the training has no validation part to watch; give data.validation, or monitor: "trainingLoss".',
      );
    }
    return fail(
      "reduceOnPlateau",
      `the training has no metric "${(monitor as { name: string }).name}"; list it under metrics.`,
    );
  });
  return { values, direction };
}

interface Values {
  readonly values: readonly number[];
  readonly direction: Direction;
}

function pytorchRate(config: ReduceOnPlateauConfig, { values, direction }: Values): number {
  const { learningRate, factor = 0.1, patience = 10, cooldown = 0, minimum = 0 } = config;
  const { threshold: by = 1e-4, thresholdMode: mode = "relative" } = config;
  let rate = learningRate;
  let best: number | undefined;
  let bad = 0;
  let resting = 0;
  for (const value of values) {
    if (isBetter(direction, value, best, { by, mode })) {
      best = value;
      bad = 0;
    } else bad++;
    if (resting > 0) {
      resting--;
      bad = 0;
    }
    if (bad <= patience) continue;
    const next = Math.max(rate * factor, minimum);
    if (rate - next > 1e-8) rate = next;
    resting = cooldown;
    bad = 0;
  }
  return rate;
}

function kerasRate(config: ReduceOnPlateauConfig, { values, direction }: Values): number {
  const { learningRate, factor = 0.1, patience = 10, cooldown = 0, minimum = 0, threshold: by = 1e-4 } = config;
  let rate = learningRate;
  let best: number | undefined;
  let waited = 0;
  let resting = 0;
  for (const value of values) {
    if (resting > 0) {
      resting--;
      waited = 0;
    }
    if (isBetter(direction, value, best, { by })) {
      best = value;
      waited = 0;
    } else if (resting === 0) {
      waited++;
      if (waited < patience || rate <= minimum) continue;
      rate = Math.max(rate * factor, minimum);
      resting = cooldown;
      waited = 0;
    }
  }
  return rate;
}
