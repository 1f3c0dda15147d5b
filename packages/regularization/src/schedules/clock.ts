// What schedules count, and the checks of their options.
import type { ScheduleMoment } from "@hooke/core";
import { type Check, checkOptions, checks, fail } from "@hooke/runtime";

/** What a schedule counts: epochs, or updates. */
export type Unit = "epoch" | "step";

/** Options of schedules that count either. */
export interface Counted {
  /** What lengths and milestones count. Default `"epoch"`. */
  readonly every?: Unit;
}

/** Epochs or updates made before this update. */
export const elapsed = ({ epoch, step }: ScheduleMoment, every: Unit = "epoch"): number =>
  every === "epoch" ? epoch : step - 1;

const milestones: Check = (value) =>
  Array.isArray(value) && value.length > 0 && value.every((item) => checks.count(item) === undefined)
    ? undefined
    : "a list of whole numbers above 0";
const schedule: Check = (value) =>
  typeof (value as { at?: unknown } | null | undefined)?.at === "function"
    ? undefined
    : "a schedule, such as cosineAnnealing({ ... })";

/** Checks by the name of an option; one name means one thing in every schedule. */
const known = {
  learningRate: checks.positive,
  factor: checks.positive,
  size: checks.count,
  milestones,
  length: checks.count,
  power: checks.positive,
  minimum: checks.nonNegative,
  growth: checks.count,
  peakAt: checks.betweenZeroAndOne,
  startDivisor: checks.positive,
  endDivisor: checks.positive,
  start: checks.betweenZeroAndOne,
  schedule,
  every: (value) => checks.oneOf(value, ["epoch", "step"]),
} satisfies Record<string, Check>;

type Name = keyof typeof known;

/** @throws on options that are missing, unknown or out of range, and on a smallest rate above the largest */
export function checkSchedule(
  type: string,
  config: object,
  required: readonly Name[],
  optional: readonly Name[] = [],
): void {
  const table = (names: readonly Name[]): Record<string, Check> =>
    Object.fromEntries(names.map((name) => [name, known[name]]));
  checkOptions<Record<string, unknown>>(type, config, {
    required: table(required) as never,
    optional: table(optional) as never,
  });
  checkMinimum(type, config);
}

/** @throws on a smallest rate above the largest */
export function checkMinimum(
  type: string,
  {
    learningRate = Number.POSITIVE_INFINITY,
    minimum = 0,
  }: { readonly learningRate?: number; readonly minimum?: number },
): void {
  if (minimum > learningRate) {
    fail(type, `received the minimum ${minimum} with the learningRate ${learningRate}, which is the largest rate.`);
  }
}
