// Asking the network: a slider an input, its prediction beside the truth, and whether it was taught on such rows.
import { useSignal, useSignalEffect } from "@preact/signals";
import { digits, NumberSlider, type SeenNumber } from "../../shell/number-slider.tsx";
import type { Answer } from "./asking.ts";
import { shown, task } from "./task.ts";

function Said({ value, truth, outside }: Answer) {
  return (
    <div class="said" role="status">
      <p class="first">
        {"y = "}
        <strong>{digits(value)}</strong>
        {`; without noise it is ${digits(truth)}`}
      </p>
      {outside.length === 0 ? (
        <p>Inside of what it was taught on.</p>
      ) : (
        <p class="message warning">{`Outside of what it was taught on: ${outside.join("; ")}. Do not rely on this.`}</p>
      )}
    </div>
  );
}

function Asking({ address, digest }: { readonly address: string; readonly digest: string }) {
  const inputs = useSignal<readonly SeenNumber[]>([]);
  const row = useSignal<readonly number[]>([1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  const answer = useSignal<Answer | undefined>(undefined);
  const failed = useSignal("");
  const fail = (error: Error): void => {
    failed.value = error.message;
  };
  const settings = task.settings.peek();
  useSignalEffect(() => {
    void task.ask("seen", settings).then((seen) => {
      inputs.value = seen;
    }, fail);
  });
  useSignalEffect(() => {
    const asked = row.value;
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
      <div class="sliders">
        {inputs.value.map((input, i) => (
          <NumberSlider
            key={input.name}
            input={input}
            value={row.value[i]!}
            set={(value) => {
              row.value = row.peek().with(i, value);
            }}
          />
        ))}
      </div>
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
