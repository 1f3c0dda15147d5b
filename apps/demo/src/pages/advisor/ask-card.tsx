// Asking the model: a slider an input, what it predicts with its interval, and whether it was taught on such rows.
import { useSignal } from "@preact/signals";
import type { Row } from "../../data/asked.ts";
import { Domain, firstRow, RowInputs } from "../../data/row-inputs.tsx";
import { useLatest } from "../../shell/latest.ts";
import { Message } from "../../shell/message.tsx";
import { digits } from "../../shell/number-slider.tsx";
import type { Answer } from "./asking.ts";
import { task } from "./task.ts";
import type { Model } from "./verdict.ts";

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
      <Domain because={outside} />
    </div>
  );
}

export function AskCard({ model, address }: { readonly model: Model; readonly address: string }) {
  const row = useSignal<Row>(firstRow(model.inputs));
  const { answer, failed } = useLatest(() => task.ask("answer", address, model.digest, row.value));
  return (
    <section class="card wide ask" aria-label="Ask the model">
      <h2>{`Ask the model (${model.method})`}</h2>
      <Message error words={failed.value} />
      <Said {...{ model }} answer={answer.value} />
      {model.warnings.map((warning) => (
        <p key={warning} class="message warning">
          {warning}
        </p>
      ))}
      <RowInputs
        inputs={model.inputs}
        row={row.value}
        set={(next) => {
          row.value = next;
        }}
      />
    </section>
  );
}
