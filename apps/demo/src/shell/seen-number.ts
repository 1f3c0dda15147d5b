// What was seen of an input of numbers, and how far one may ask beyond it.
import { roundStep } from "./readings.ts";

/** An input of numbers, and what was seen of it. */
export interface SeenNumber {
  readonly name: string;
  /** Empty where it has none. */
  readonly unit: string;
  readonly least: number;
  readonly most: number;
}

/** How far sliders go beyond what was seen, as a share of its span. */
const beyond = 0.2;

/** Ends and steps of a slider: 200 steps of one, two or five units, beyond what was seen but not below 0 where nothing was. */
export function scaleOf({ least, most }: SeenNumber) {
  const span = most - least || Math.abs(most) || 1;
  const step = roundStep(span / 200);
  const round = (value: number): number => Number((Math.round(value / step) * step).toPrecision(12));
  const min = round(least - beyond * span);
  return { step, min: least >= 0 ? Math.max(0, min) : min, max: round(most + beyond * span), round };
}
