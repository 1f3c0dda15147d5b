// A slider or a choice for each input of a model, and whether the model was taught on such rows.
import { NumberSlider } from "../shell/number-slider.tsx";
import { scaleOf } from "../shell/seen-number.ts";
import type { Askable, Row } from "./asked.ts";

/** Where a visitor begins: in the middle of what was seen. */
export const firstRow = (inputs: readonly Askable[]): Row =>
  Object.fromEntries(
    inputs.map((input) => [
      input.name,
      input.type === "number" ? scaleOf(input).round(input.median) : (input.categories[0] ?? ""),
    ]),
  );

interface InputProps {
  readonly input: Askable;
  readonly value: number | string;
  set(value: number | string): void;
}

function Input({ input, value, set }: InputProps) {
  if (input.type === "number") return <NumberSlider input={input} value={Number(value)} set={set} />;
  return (
    <label>
      {input.name}
      <select value={value} onChange={({ currentTarget }) => set(currentTarget.value)}>
        {input.categories.map((category) => (
          <option key={category}>{category}</option>
        ))}
      </select>
    </label>
  );
}

interface RowInputsProps {
  readonly inputs: readonly Askable[];
  readonly row: Row;
  set(row: Row): void;
}

export function RowInputs({ inputs, row, set }: RowInputsProps) {
  return (
    <div class="sliders">
      {inputs.map((input) => (
        <Input
          key={input.name}
          input={input}
          value={row[input.name]!}
          set={(value) => set({ ...row, [input.name]: value })}
        />
      ))}
    </div>
  );
}

/** @param because why a row is outside; empty where it is inside */
export function Domain({ because }: { readonly because: readonly string[] }) {
  if (because.length === 0) return <p>Inside of what it was taught on.</p>;
  return (
    <p class="message warning">{`Outside of what it was taught on: ${because.join("; ")}. Do not rely on this.`}</p>
  );
}
