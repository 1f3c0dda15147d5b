// What can be taken away: the model of the best epoch, the code that asks it, and a report.
import { useSignal } from "@preact/signals";
import { fileName } from "../../data/file-name.ts";
import { download } from "../../shell/download.ts";
import { Message } from "../../shell/message.tsx";
import { inUnit, number } from "../../shell/readings.ts";
import { shown, target, task } from "./task.ts";

export function TakeCard() {
  const failed = useSignal("");
  const { best } = shown.value;
  const { state, address } = task.job.value;
  if (best === undefined || (state !== "paused" && state !== "finished")) return null;
  const { name, unit } = target.value;
  const settings = task.settings.value;
  const file = fileName(name);
  const take = (save: () => Promise<void>) => async () => {
    try {
      failed.value = "";
      await save();
    } catch (error) {
      failed.value = (error as Error).message;
    }
  };
  return (
    <section class="card wide" aria-label="Take it with you">
      <h2>Take it with you</h2>
      <p>
        {`The smallest error on the rows held back, ${inUnit(number(best.error), unit)}, was after epoch ${best.epoch}: that network is the model.`}
      </p>
      <div class="choices">
        <button
          type="button"
          onClick={take(async () => {
            download(`${file}.safetensors`, "application/octet-stream", await task.ask("model", address, settings));
          })}
        >
          {`Download the model of epoch ${best.epoch}`}
        </button>
        <button
          type="button"
          onClick={take(async () => {
            download(`${file}.html`, "text/html", await task.ask("report", shown.value, settings));
          })}
        >
          Download the report
        </button>
        <button
          type="button"
          onClick={take(async () => {
            download(`ask-${file}.mjs`, "text/javascript", await task.ask("code", settings));
          })}
        >
          Download the code that asks it
        </button>
      </div>
      <Message error words={failed.value} />
    </section>
  );
}
