// A slider for a number that a model is asked about: somewhat beyond what was seen, and saying so there.
import { number, roundStep } from "./readings.ts";

/** An input of numbers, and what was seen of it. */
export interface SeenNumber {
  readonly name: string;
  /** Empty where it has none. */
  readonly unit: string;
  readonly least: number;
  readonly most: number;
}

export const digits = (value: number): string => number(Number(value.toPrecision(4)));

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

interface NumberSliderProps {
  readonly input: SeenNumber;
  readonly value: number;
  set(value: number): void;
}

export function NumberSlider({ input, value, set }: NumberSliderProps) {
  const { min, max, step } = scaleOf(input);
  const words = `${digits(value)}${input.unit === "" ? "" : ` ${input.unit}`}`;
  return (
    <label class={value < input.least || value > input.most ? "outside" : ""}>
      <span class="named">
        {input.name}
        <span class="value">{words}</span>
      </span>
      <input
        type="range"
        {...{ min, max, step, value }}
        aria-valuetext={words}
        onInput={({ currentTarget }) => set(currentTarget.valueAsNumber)}
      />
      <span class="seen">{`seen: ${digits(input.least)} to ${digits(input.most)}`}</span>
    </label>
  );
}
