// A slider for a number that a model is asked about: somewhat beyond what was seen, and saying so there.
import { number } from "./readings.ts";
import { type SeenNumber, scaleOf } from "./seen-number.ts";

export const digits = (value: number): string => number(Number(value.toPrecision(4)));

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
