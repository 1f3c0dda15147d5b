// Asking the model: a slider an input, what it predicts with its interval, and whether it was taught on such rows.
import { useSignal, useSignalEffect } from "@preact/signals";
import { number } from "../../shell/readings.ts";
import type { Answer, Row } from "./asking.ts";
import { task } from "./task.ts";
import type { Askable, Model } from "./verdict.ts";

const digits = (value: number): string => number(Number(value.toPrecision(4)));

/** How far sliders go beyond what was seen, as a share of its span. */
const beyond = 0.2;

/** Ends and steps of a slider: 200 steps of one, two or five units, beyond what was seen but not below 0 where nothing was. */
function scaleOf({ least, most }: Extract<Askable, { type: "number" }>) {
  const span = most - least || Math.abs(most) || 1;
  const rough = span / 200;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((unit) => unit * power >= rough) ?? 10);
  const round = (value: number): number => Number((Math.round(value / step) * step).toPrecision(12));
  const min = round(least - beyond * span);
  return { step, min: least >= 0 ? Math.max(0, min) : min, max: round(most + beyond * span), round };
}

const firstOf = (input: Askable): number | string =>
  input.type === "number" ? scaleOf(input).round(input.median) : (input.categories[0] ?? "");

interface InputProps {
  readonly input: Askable;
  readonly value: number | string;
  set(value: number | string): void;
}

function Slider({ input, value, set }: InputProps) {
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
  const { min, max, step } = scaleOf(input);
  const unit = input.unit === "" ? "" : ` ${input.unit}`;
  const isOutside = Number(value) < input.least || Number(value) > input.most;
  return (
    <label class={isOutside ? "outside" : ""}>
      <span class="named">
        {input.name}
        <span class="value">{`${digits(Number(value))}${unit}`}</span>
      </span>
      <input
        type="range"
        {...{ min, max, step, value }}
        aria-valuetext={`${digits(Number(value))}${unit}`}
        onInput={({ currentTarget }) => set(currentTarget.valueAsNumber)}
      />
      <span class="seen">{`seen: ${digits(input.least)} to ${digits(input.most)}`}</span>
    </label>
  );
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
          <Slider
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
