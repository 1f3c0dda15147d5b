// The page of the advisor: a table is dropped, candidates are measured, and what is advised can be asked and taken away.
import { ColumnControls } from "../../data/column-controls.tsx";
import { DataFile } from "../../data/data-file.tsx";
import { missingOf, targetOf } from "../../data/data-table.ts";
import { Bench } from "../../shell/bench.tsx";
import { Live } from "../../shell/live.tsx";
import type { Page } from "../../shell/page.ts";
import { decimals, number } from "../../shell/readings.ts";
import { AskCard } from "./ask-card.tsx";
import { CandidatesCard } from "./candidates-card.tsx";
import { table, task } from "./task.ts";
import { VerdictCard } from "./verdict-card.tsx";

const groups = { "": "let it look for groups", none: "nothing: each by itself" };

function Body() {
  const { state, shown, address, time = 0 } = task.job.value;
  const { seconds: budget, target } = task.settings.value;
  const { seconds = 0, candidates = [], workers, stage, verdict } = shown ?? {};
  const best = candidates.filter(({ folds }) => folds > 0).sort((a, b) => a.error - b.error)[0];
  const column = targetOf(table);
  const unit = column?.type === "number" && column.unit !== "" ? ` ${column.unit}` : "";
  const spent = `${decimals(seconds, 0)} of ${budget} s`;
  const readings = {
    "Best so far": best?.method ?? "–",
    "Its error": best ? `${number(Number(best.error.toPrecision(3)))}${unit}` : "–",
    "Folds measured": candidates.reduce((sum, { folds }) => sum + folds, 0).toLocaleString("en"),
    "Measured at once": workers?.toLocaleString("en") ?? "–",
    Time: spent,
    Backend: task.choice.value?.name ?? "–",
  };
  const words = stage === "looking for groups" ? "Looking for groups" : stage === "fitting" ? "Fitting" : "Measuring";
  return (
    <Bench
      {...{ task, readings }}
      work="Measuring"
      from={spent}
      cure="Choose other columns"
      missing={missingOf(table)}
      controls={<ColumnControls of={table} groups={groups} />}
      {...(state === "running" && { state: words })}
    >
      {verdict && <VerdictCard key="verdict" verdict={verdict} target={target} />}
      {verdict?.model && <AskCard key={`ask ${address}`} model={verdict.model} address={address} />}
      {/* What is asked comes first, and makes room for what is answered. */}
      {!verdict && <DataFile key="data" of={table} />}
      <CandidatesCard key="candidates" />
      {verdict && (
        <div class="wide alike" key="figures">
          {verdict.figures
            .filter(({ kind }) => kind !== "bars")
            .map((figure) => (
              <Live key={`${address} ${figure.title}`} figure={figure} version={time} />
            ))}
        </div>
      )}
      {verdict && <DataFile key="data" of={table} />}
    </Bench>
  );
}

export default {
  heading: "Which method fits your table",
  about:
    "Methods from a straight line to tuned boosting are measured on rows that are held back, ties are called ties, and what is advised is fitted: " +
    "ask it, or take it with you.",
  task,
  Body,
} satisfies Page;
