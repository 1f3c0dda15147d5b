// What can be taken away: the model of the best epoch, the code that asks it, and a report.
import { useSignal } from "@preact/signals";
import { download } from "../../shell/download.ts";
import { decimals } from "../../shell/readings.ts";
import { shown, task } from "./task.ts";

const code = `import { readFile } from "node:fs/promises";
import { wasmBackend } from "@hooke/backend-wasm";
import { core, predict } from "@hooke/core";
import { decodeModel } from "@hooke/core/checkpoint";
import { array } from "@hooke/runtime";

const model = decodeModel(await readFile("surrogate.safetensors"), { plugins: [core] });
const rows = array([[2, 1, 1, 0, 0, 0, 0, 0, 0, 0]]); // x₀ to x₉
const { data } = await predict(model, rows, { backend: wasmBackend() });
console.log(data[0]); // the function has x₀² + x₁x₂ − x₃ = 5
`;

export function TakeCard() {
  const failed = useSignal("");
  const { best } = shown.value;
  const { state, address } = task.job.value;
  if (best === undefined || (state !== "paused" && state !== "finished")) return null;
  const take = (name: string, type: string, ask: () => Promise<string | Uint8Array<ArrayBuffer>>) => async () => {
    try {
      failed.value = "";
      download(name, type, await ask());
    } catch (error) {
      failed.value = (error as Error).message;
    }
  };
  return (
    <section class="card wide" aria-label="Take it with you">
      <h2>Take it with you</h2>
      <p>{`The smallest validation loss, ${decimals(best.loss, 4)}, was after epoch ${best.epoch}.`}</p>
      <div class="choices">
        <button
          type="button"
          onClick={take("surrogate.safetensors", "application/octet-stream", () =>
            task.ask("model", address, task.settings.value),
          )}
        >
          {`Download the model of epoch ${best.epoch}`}
        </button>
        <button
          type="button"
          onClick={take("surrogate.html", "text/html", () => task.ask("report", shown.value, task.settings.value))}
        >
          Download the report
        </button>
        <button type="button" onClick={take("ask.mjs", "text/javascript", async () => code)}>
          Download the code that asks it
        </button>
      </div>
      {failed.value !== "" && (
        <p class="message error" role="alert">
          {failed.value}
        </p>
      )}
      <details>
        <summary>The code</summary>
        <pre>{code}</pre>
      </details>
    </section>
  );
}
