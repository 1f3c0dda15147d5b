// Unknowns: numbers of the equations and conditions that are identified together with the fields.
import { add, type Check, checkOptions, checks, exp, fail, mul, sigmoid, type Tensor } from "@hooke/runtime";
import type { Interval } from "../domains/domain.ts";

/** A number to identify. */
export interface Unknown {
  readonly start: number;
  readonly positive: boolean;
  readonly bounds?: Interval;
}

/** Options of {@link unknown}. */
export interface UnknownOptions {
  /** Where it starts. */
  readonly start: number;
  /** Whether it is above 0: then its logarithm is what is sought. Default false. */
  readonly positive?: boolean;
  /** Between which numbers it lies; it comes near them, never there. Default none. */
  readonly bounds?: Interval;
}

const boundsCheck: Check = (value) =>
  Array.isArray(value) && value.length === 2 && value.every(Number.isFinite) && value[0] < value[1]
    ? undefined
    : "two numbers in order, such as [0, 1]";

/** Expects an unknown. */
export const unknownCheck: Check = (value) =>
  Number.isFinite((value as Partial<Unknown> | null | undefined)?.start)
    ? undefined
    : "an unknown, such as unknown({ start: 1 })";

/**
 * A number to identify: terms and derived quantities see it as a scalar under its name.
 *
 * @throws if the start is not where `positive` or `bounds` put it
 */
export function unknown(options: UnknownOptions): Unknown {
  checkOptions<UnknownOptions>("unknown", options, {
    required: { start: checks.finite },
    optional: { positive: checks.flag, bounds: boundsCheck },
  });
  const { start, positive = false, bounds } = options;
  if (positive && bounds !== undefined) fail("unknown", "received positive and bounds; give one of them.");
  if (positive && start <= 0) fail("unknown", `received the start ${start} of a positive number; give one above 0.`);
  if (bounds !== undefined && (start <= bounds[0] || start >= bounds[1])) {
    fail("unknown", `received the start ${start}, which is not between the bounds ${bounds.join(" and ")}.`);
  }
  return Object.freeze({ start, positive, ...(bounds && { bounds }) });
}

/** The parameter that stands for the start: it is 0 where a step of 1 is a step of the number's own size. */
export function startOf({ start, bounds }: Unknown): number {
  if (bounds === undefined) return 0;
  const part = (start - bounds[0]) / (bounds[1] - bounds[0]);
  return Math.log(part / (1 - part));
}

/** The number in its units, from its parameter. */
export function numberOf({ start, positive, bounds }: Unknown, parameter: Tensor): Tensor {
  if (positive) return mul(exp(parameter), start);
  if (bounds !== undefined) return add(mul(sigmoid(parameter), bounds[1] - bounds[0]), bounds[0]);
  return add(mul(parameter, Math.abs(start) || 1), start);
}

/** The same on the host. */
export function numberAt({ start, positive, bounds }: Unknown, parameter: number): number {
  if (positive) return start * Math.exp(parameter);
  if (bounds !== undefined) return bounds[0] + (bounds[1] - bounds[0]) / (1 + Math.exp(-parameter));
  return start + parameter * (Math.abs(start) || 1);
}
