// The verdict: what to use and why, what deserves a look, what was taken for granted, and its files.
import { fileName } from "../../data/file-name.ts";
import { download } from "../../shell/download.ts";
import type { Verdict } from "./verdict.ts";

export function VerdictCard({ verdict, target }: { readonly verdict: Verdict; readonly target: string }) {
  const { sentences, warnings, assumptions, untried, failed, model, report } = verdict;
  const name = fileName(target);
  return (
    <section class="card wide verdict" aria-label="Verdict">
      <h2>Verdict</h2>
      <p class="first">{sentences[0]}</p>
      {sentences.slice(1).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      {warnings.map((warning) => (
        <p key={warning} class="message warning">
          {warning}
        </p>
      ))}
      <div class="choices">
        {model && (
          <button type="button" onClick={() => download(`${name}.safetensors`, "application/octet-stream", model.file)}>
            {`Download the model (${model.method})`}
          </button>
        )}
        <button type="button" onClick={() => download(`${name}.html`, "text/html", report)}>
          Download the report
        </button>
      </div>
      {model && (
        <p>
          <code>{`hooke predict ${name}.safetensors new.csv`}</code>
          {` asks the model in a terminal. SHA-256: ${model.digest}…`}
        </p>
      )}
      {(assumptions.length > 0 || untried.length > 0 || failed.length > 0) && (
        <details>
          <summary>Taken for granted, not tried, failed</summary>
          <ul>
            {assumptions.map(({ what, because }) => (
              <li key={what}>{`Assumed: ${what}, because ${because}. Settings overrule it.`}</li>
            ))}
            {untried.map(({ method, because }) => (
              <li key={method}>{`Not tried: ${method}. ${because}`}</li>
            ))}
            {failed.map(({ method, error }) => (
              <li key={method}>{`Failed: ${method}. ${error}`}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
