// Asking the model: a slider an input, what it predicts with its interval, and whether it was taught on such rows.
import { useSignal, useSignalEffect } from "@preact/signals";
import { digits, NumberSlider, scaleOf } from "../../shell/number-slider.tsx";
import type { Answer, Row } from "./asking.ts";
import { task } from "./task.ts";
import type { Askable, Model } from "./verdict.ts";

const firstOf = (input: Askable): number | string =>
  input.type === "number" ? scaleOf(input).round(input.median) : (input.categories[0] ?? "");

interface InputProps {
  readonly input: Askable;
  readonly value: number | string;
  set(value: number | string): void;
}

function Input({ input, value, set }: InputProps) {
  if (input.type === "category") {
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
  return <NumberSlider input={input} value={Number(value)} set={set} />;
}

function Said({ model, answer }: { readonly model: Model; readonly answer: Answer | undefined }) {
  if (answer === undefined) return <p>Asking …</p>;
  const { value, bounds, probabilities, outside } = answer;
  const unit = model.unit === "" ? "" : ` ${model.unit}`;
  return (
    <div class="said" role="status">
      <p class="first">
        {`${model.target}: `}
        <strong>{typeof value === "number" ? `${digits(value)}${unit}` : value}</strong>
      </p>
      {bounds && (
        <p>{`90 % of true values are expected between ${digits(bounds[0])} and ${digits(bounds[1])}${unit}.`}</p>
      )}
      {probabilities?.map(({ name, value: share }) => (
        <p key={name}>{`${name}: ${Math.round(100 * share)} %`}</p>
      ))}
      {outside.length === 0 ? (
        <p>Inside of what it was taught on.</p>
      ) : (
        <p class="message warning">{`Outside of what it was taught on: ${outside.join("; ")}. Do not rely on this.`}</p>
      )}
    </div>
  );
}

export function AskCard({ model, address }: { readonly model: Model; readonly address: string }) {
  const row = useSignal<Row>(Object.fromEntries(model.inputs.map((input) => [input.name, firstOf(input)])));
  const answer = useSignal<Answer | undefined>(undefined);
  const failed = useSignal("");
  useSignalEffect(() => {
    const asked = row.value;
    task.ask("answer", address, model.digest, asked).then(
      (said) => {
        if (asked === row.peek()) answer.value = said;
      },
      (error: Error) => {
        failed.value = error.message;
      },
    );
  });
  return (
    <section class="card wide ask" aria-label="Ask the model">
      <h2>{`Ask the model (${model.method})`}</h2>
      {failed.value !== "" && (
        <p class="message error" role="alert">
          {failed.value}
        </p>
      )}
      <Said {...{ model }} answer={answer.value} />
      {model.warnings.map((warning) => (
        <p key={warning} class="message warning">
          {warning}
        </p>
      ))}
      <div class="sliders">
        {model.inputs.map((input) => (
          <Input
            key={input.name}
            input={input}
            value={row.value[input.name]!}
            set={(value) => {
              row.value = { ...row.peek(), [input.name]: value };
            }}
          />
        ))}
      </div>
    </section>
  );
}
