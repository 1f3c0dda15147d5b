// Warm-up: a rising start in front of any schedule.
import type { Schedule } from "@hooke/core";
import { type Counted, checkSchedule, elapsed } from "./clock.ts";

/** Options of {@link warmup}. */
export interface WarmupConfig extends Counted {
  /** What follows; its count starts after the warm-up. */
  readonly schedule: Schedule;
  /** Epochs (or updates) of warm-up. */
  readonly length: number;
  /** The fraction of the schedule's first rate to start from. Default 1/3, as in PyTorch. */
  readonly start?: number;
}

/**
 * Rises linearly from `start` times the schedule's first rate to that rate, then follows the schedule from its
 * beginning: PyTorch's LinearLR and another scheduler in a SequentialLR. Goyal et al., "Accurate, large minibatch SGD"
 * (2017, arXiv 1706.02677).
 */
export function warmup(config: WarmupConfig): Schedule<WarmupConfig> {
  checkSchedule("warmup", config, ["schedule", "length"], ["start", "every"]);
  const { schedule, length, start = 1 / 3, every = "epoch" } = config;
  return {
    type: "warmup",
    config,
    at: (moment) => {
      const { epoch, step, stepsPerEpoch } = moment;
      const t = elapsed(moment, every);
      if (t < length) {
        const first = schedule.at({ ...moment, epoch: 0, step: 1 });
        return first * (start + ((1 - start) * t) / length);
      }
      const later =
        every === "epoch"
          ? { epoch: epoch - length, step: step - length * stepsPerEpoch }
          : { epoch: Math.floor((step - 1 - length) / stepsPerEpoch), step: step - length };
      const warmed = step - later.step;
      return schedule.at({ ...moment, ...later, history: moment.history.filter((record) => record.step > warmed) });
    },
  };
}
