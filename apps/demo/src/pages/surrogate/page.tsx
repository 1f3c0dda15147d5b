// The page of the surrogate: a small network learns a column of a table from the others, and one sees how.
import { ColumnControls } from "../../data/column-controls.tsx";
import { DataFile } from "../../data/data-file.tsx";
import { missingOf } from "../../data/data-table.ts";
import { Bench } from "../../shell/bench.tsx";
import { Message } from "../../shell/message.tsx";
import type { Page } from "../../shell/page.ts";
import { duration, inUnit, number } from "../../shell/readings.ts";
import { Figures } from "./figures.tsx";
import { overfitting } from "./overfitting.ts";
import { shown, table, target, task } from "./task.ts";

const groups = { "": "equal inputs alone" };

function Body() {
  const { state, done, total, perSecond } = task.job.value;
  const { curves, digest } = shown.value;
  const { unit } = target.value;
  const advice = overfitting(shown.value, unit);
  const epoch = `${curves.validation.length} of ${task.settings.value.epochs}`;
  const error = curves.validation.at(-1);
  const moving = state === "running" && perSecond > 0;
  const readings = {
    Epoch: epoch,
    "RMSE, held back": error === undefined ? "–" : inUnit(number(error), unit),
    Step: done.toLocaleString("en"),
    "Steps per second": moving ? Math.round(perSecond).toLocaleString("en") : "–",
    "Time left": moving ? duration((total - done) / perSecond) : "–",
    Backend: task.choice.value?.name ?? "–",
    Checkpoint: digest.slice(0, 8) || "–",
  };
  return (
    <Bench
      {...{ task, readings }}
      work="Training"
      from={`epoch ${epoch}`}
      cure="Lower the learning rate"
      missing={missingOf(table)}
      controls={<ColumnControls of={table} groups={groups} />}
      {...(state === "failed" && { state: `Diverged at epoch ${curves.validation.length}` })}
    >
      {advice !== "" && <Message words={advice} />}
      {/* What is learned from comes first, and makes room for what is learned. */}
      {state === "ready" && <DataFile key="data" of={table} />}
      <Figures key="figures" />
      {state !== "ready" && <DataFile key="data" of={table} />}
    </Bench>
  );
}

export default {
  heading: "A surrogate, trained live",
  about: "A small network learns one column of your table from the others, here in your browser. Begin with concrete.",
  task,
  Body,
} satisfies Page;
