// The verdict: which of the two predicts better, what the declared symmetry is worth, and the model's file.
import { fileName } from "../../data/file-name.ts";
import { download } from "../../shell/download.ts";
import { isMeasured } from "./settings.ts";
import { shown, task } from "./task.ts";
import { verdictOf } from "./words.ts";

export function VerdictCard() {
  const { state, address } = task.job.value;
  const settings = task.settings.value;
  const { symmetry, digest, network } = shown.value;
  const [first, ...rest] = state === "finished" ? verdictOf(settings, shown.value) : [];
  if (symmetry === undefined) return null;
  const save = async (): Promise<void> => {
    try {
      download(
        `${fileName(isMeasured(settings) ? settings.quantity : settings.property)}.safetensors`,
        "application/octet-stream",
        await task.ask("file", address),
      );
    } catch (error) {
      task.error.value = (error as Error).message;
    }
  };
  return (
    <section class="card wide verdict" aria-label="Verdict">
      <h2>{first === undefined ? "So far" : "Verdict"}</h2>
      {first !== undefined && <p class="first">{first}</p>}
      {rest.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>{symmetry.measured}</p>
      {symmetry.warnings.map((warning) => (
        <p key={warning} class="message warning">
          {warning}
        </p>
      ))}
      {network.length > 0 && digest !== "" && (
        <>
          <div class="choices">
            <button type="button" onClick={save}>
              Download the model
            </button>
          </div>
          <p>
            {`SHA-256: ${digest.slice(0, 16)}…. In TypeScript: `}
            <code>{"decodeModel(bytes, { plugins: [core, convolution, transfer] })"}</code>
          </p>
        </>
      )}
    </section>
  );
}
