// Asking the network: a slider an input, its prediction with its error on other rows, and whether it was taught on such.
import { useSignal, useSignalEffect } from "@preact/signals";
import type { Askable, Row } from "../../data/asked.ts";
import { Domain, firstRow, RowInputs } from "../../data/row-inputs.tsx";
import { digits } from "../../shell/number-slider.tsx";
import { inUnit, number } from "../../shell/readings.ts";
import type { Answer } from "./asking.ts";
import { shown, target, task } from "./task.ts";

function Said({ value, outside }: Answer) {
  const { name, unit } = target.value;
  const { best } = shown.value;
  return (
    <div class="said" role="status">
      <p class="first">
        {`${name}: `}
        <strong>{inUnit(digits(value), unit)}</strong>
      </p>
      {best && (
        <p>{`On rows held back it is off by ${inUnit(number(Number(best.error.toPrecision(2))), unit)} (root mean square).`}</p>
      )}
      <Domain because={outside} />
    </div>
  );
}

function Asking({ address, digest }: { readonly address: string; readonly digest: string }) {
  const inputs = useSignal<readonly Askable[]>([]);
  const row = useSignal<Row | undefined>(undefined);
  const answer = useSignal<Answer | undefined>(undefined);
  const failed = useSignal("");
  const fail = (error: Error): void => {
    failed.value = error.message;
  };
  const settings = task.settings.peek();
  useSignalEffect(() => {
    void task.ask("inputs", settings).then((found) => {
      inputs.value = found;
      row.value = firstRow(found);
    }, fail);
  });
  useSignalEffect(() => {
    const asked = row.value;
    if (asked === undefined) return;
    void task.ask("answer", address, digest, settings, asked).then((said) => {
      if (asked === row.peek()) answer.value = said;
    }, fail);
  });
  return (
    <section class="card wide ask" aria-label="Ask the network">
      <h2>Ask the network</h2>
      {failed.value !== "" && (
        <p class="message error" role="alert">
          {failed.value}
        </p>
      )}
      {answer.value === undefined ? <p>Asking …</p> : <Said {...answer.value} />}
      {row.value && (
        <RowInputs
          inputs={inputs.value}
          row={row.value}
          set={(next) => {
            row.value = next;
          }}
        />
      )}
    </section>
  );
}

/** Of the best epoch of a training that stands still. */
export function AskCard() {
  const { best, digest } = shown.value;
  const { state, address } = task.job.value;
  if (best === undefined || (state !== "paused" && state !== "finished")) return null;
  return <Asking key={`${address} ${digest}`} {...{ address, digest }} />;
}
