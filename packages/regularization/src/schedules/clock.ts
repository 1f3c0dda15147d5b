// What schedules count, and the checks of their options.
import { type Check, checkOptions, type ScheduleMoment } from "@hooke/core";

/** What a schedule counts: epochs, or updates. */
export type Unit = "epoch" | "step";

/** Options of every schedule. */
export interface Counted {
  /** What lengths and milestones count. Default `"epoch"`. */
  readonly every?: Unit;
}

/** Epochs or updates made before this update. */
export const elapsed = ({ epoch, step }: ScheduleMoment, every: Unit = "epoch"): number =>
  every === "epoch" ? epoch : step - 1;

const whole: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? undefined : "a whole number above 0";
const rate: Check = (value) => (Number.isFinite(value) && (value as number) > 0 ? undefined : "a number above 0");
const notNegative: Check = (value) =>
  Number.isFinite(value) && (value as number) >= 0 ? undefined : "a number of at least 0";
const unit: Check = (value) => (value === "epoch" || value === "step" ? undefined : '"epoch" or "step"');
const milestones: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((item) => whole(item) === undefined)
    ? undefined
    : "a list of whole numbers above 0";
const fraction: Check = (value) =>
  Number.isFinite(value) && (value as number) > 0 && (value as number) < 1 ? undefined : "a number between 0 and 1";
const schedule: Check = (value) =>
  typeof (value as { at?: unknown } | null)?.at === "function"
    ? undefined
    : "a schedule, such as cosineAnnealing({ ... })";

/** Checks by the name of an option; one name means one thing in every schedule. */
const known = {
  learningRate: rate,
  factor: rate,
  size: whole,
  milestones,
  length: whole,
  power: rate,
  minimum: notNegative,
  growth: whole,
  peakAt: fraction,
  startDivisor: rate,
  endDivisor: rate,
  start: fraction,
  schedule,
  every: unit,
} as const;

/** @throws on options that are missing, unknown or out of range */
export function checkSchedule(
  type: string,
  config: object,
  required: readonly (keyof typeof known)[],
  optional: readonly (keyof typeof known)[] = [],
): void {
  const table = (names: readonly (keyof typeof known)[]) =>
    Object.fromEntries(names.map((name) => [name, known[name]]));
  checkOptions<Record<string, unknown>>(type, config, {
    required: table(required) as never,
    optional: table([...optional, "every"]) as never,
  });
}
