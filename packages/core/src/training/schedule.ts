// Learning-rate schedules: pure functions of where training stands, so that a resumed run sees the same rates.
import { fail, nothingMore } from "@hooke/runtime";
import type { History } from "./events.ts";

/** Where training stands when a schedule is asked. */
export interface ScheduleMoment {
  /** The update about to be made, counted from 1 over the whole training. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** Updates in an epoch. */
  readonly stepsPerEpoch: number;
  /** Epochs the training was asked for. */
  readonly epochs: number;
  /** The epochs that are over. */
  readonly history: History;
}

/**
 * A learning rate that changes during training. `type` and `config` are JSON and stored with checkpoints;
 * `at` must depend on `config` and its argument alone.
 *
 * @example
 * ```ts
 * import type { Schedule } from "@hooke/core";
 *
 * const halving = (initial: number): Schedule<{ initial: number }> => ({
 *   type: "acme/halving",
 *   config: { initial },
 *   at: ({ epoch }) => initial * 0.5 ** epoch,
 * });
 * console.log(halving(0.1).at({ step: 41, epoch: 2, stepsPerEpoch: 20, epochs: 10, history: [] })); // 0.025
 * ```
 */
export interface Schedule<C = unknown> {
  readonly type: string;
  readonly config: C;
  /** The learning rate of one update: finite, zero or more. */
  at(moment: ScheduleMoment): number;
}

/** The same learning rate for every update; what a plain number stands for. @throws if it is not a finite number above 0 */
export function constant(learningRate: number, ...more: []): Schedule<{ readonly learningRate: number }> {
  nothingMore("constant", more);
  if (!(Number.isFinite(learningRate) && learningRate > 0)) {
    fail(
      "learningRate",
      `received ${learningRate}; it is a finite number above 0 (1e-3 is a common start), or a schedule.`,
    );
  }
  return { type: "constant", config: { learningRate }, at: () => learningRate };
}

/** What a schedule says of one update. @throws if that is no learning rate */
export function learningRateAt(schedule: Schedule, moment: ScheduleMoment): number {
  const rate = schedule.at(moment);
  if (!(Number.isFinite(rate) && rate >= 0)) {
    fail(
      `schedule "${schedule.type}"`,
      `returned ${rate} for step ${moment.step}, epoch ${moment.epoch}; a learning rate is finite and not negative.`,
    );
  }
  return rate;
}
