// The candidates while they are measured: how far each is, and its error so far beside the others.
import { targetOf } from "../../data/data-table.ts";
import { number } from "../../shell/readings.ts";
import { ScrollTable } from "../../shell/scroll-table.tsx";
import type { Measuring } from "./advising.ts";
import { table, task } from "./task.ts";

const digits = (value: number): string => number(Number(value.toPrecision(3)));

/** In the unit of the target, as far as the page knows it before the verdict. */
function unitOf(): string {
  const column = targetOf(table);
  return column?.type === "number" && column.unit !== "" ? ` (${column.unit})` : "";
}

function wordsOf({ folds, running, failed }: Measuring): string {
  if (failed !== "") return `failed: ${failed}`;
  const now = running > 0 ? `, ${running} now` : "";
  return `${folds} ${folds === 1 ? "fold" : "folds"}${now}`;
}

export function CandidatesCard() {
  const { candidates = [], verdict } = task.job.value.shown ?? {};
  if (candidates.length === 0) return null;
  const most = Math.max(...candidates.map(({ error }) => error).filter(Number.isFinite));
  const results = new Map(verdict?.methods.map((result) => [result.method, result]));
  const sorted = [...candidates].sort((a, b) => (a.error || Infinity) - (b.error || Infinity));
  const isNumber = targetOf(table)?.type !== "text";
  const quantity = verdict?.quantity ?? (isNumber ? `RMSE${unitOf()}` : "cross-entropy");
  return (
    <section class="card wide" aria-label="Candidates">
      <h2>Candidates</h2>
      <p>{`${quantity} on rows held back: what a candidate learned from others. Shorter is better.`}</p>
      <ScrollTable bars label="Errors of the candidates" heads={["Candidate", quantity, "Skill", "Measured"]}>
        {sorted.map((candidate) => {
          const { method, error } = candidate;
          const result = results.get(method);
          const spread = result && Number.isFinite(result.standardError) ? ` ± ${digits(result.standardError)}` : "";
          return (
            <tr key={method} class={method === verdict?.recommended ? "chosen" : ""}>
              <th scope="row">
                {method}
                {method === verdict?.recommended && <span class="badge">advised</span>}
              </th>
              <td>
                {Number.isFinite(error) && (
                  <span class="bar" style={{ width: `calc((100% - 1rem) * ${error / most})` }} aria-hidden="true" />
                )}
                {Number.isFinite(error) ? `${digits(error)}${spread}` : "–"}
              </td>
              <td>{result && Number.isFinite(result.skill) ? `${Math.round(100 * result.skill)} %` : "–"}</td>
              <td>{wordsOf(candidate)}</td>
            </tr>
          );
        })}
      </ScrollTable>
      <p>Skill is the share of the error of guessing (the dummy) that a candidate takes away.</p>
    </section>
  );
}
