// The page of molecules: graph networks learn a property, and say of any molecule what it is, how sure they are, and which atoms make it so.
import { useComputed } from "@preact/signals";
import { ColumnControls } from "../../data/column-controls.tsx";
import { Bench } from "../../shell/bench.tsx";
import { Chart } from "../../shell/chart.tsx";
import { Drop } from "../../shell/drop.tsx";
import { Message } from "../../shell/message.tsx";
import type { Page } from "../../shell/page.ts";
import { agreement, axisOf, decimals, inUnit, number } from "../../shell/readings.ts";
import { AskCard } from "./ask-card.tsx";
import { table, task } from "./task.ts";

const digits = (value: number): string => number(Number(value.toPrecision(3)));

/** What keeps it from starting. */
function missing(): string {
  const { data, target } = task.settings.value;
  if (data === "") return "";
  if (table.unreadable.value !== "") return "The file cannot be read: see under Data.";
  return target === "" ? "Choose the target under Settings: the property to predict." : "";
}

function DataCard() {
  const { summary, unreadable, choose } = table;
  const { data } = task.settings.value;
  const locked = task.job.value.state === "running";
  return (
    <section class="card" aria-label="Data">
      <h2>{data === "" ? "Data" : (summary.value?.name ?? "Data")}</h2>
      {data === "" ? (
        <p>
          360 molecules that this page puts together, and how much more of each OpenChemLib’s increments expect in
          octanol than in water, as a logarithm. Estimates, no measurements: those are yours to drop here, such as
          solubilities.
        </p>
      ) : (
        <p>
          {summary.value && `${summary.value.rows.toLocaleString("en")} rows, ${summary.value.columns.length} columns.`}
        </p>
      )}
      <Message error words={unreadable.value} />
      <Drop
        kind="csv"
        words="Drop a CSV file here: a column of SMILES, and one of a property."
        isChosen={data !== ""}
        locked={locked}
        choose={(file) => void choose(file)}
      >
        {data !== "" && (
          <button type="button" disabled={locked} onClick={() => task.change({ data: "", target: "", groups: "" })}>
            Take the molecules of the page
          </button>
        )}
      </Drop>
    </section>
  );
}

function Parity() {
  const columns = useComputed(() => {
    const [truth = [], predicted = []] = task.job.value.shown?.judged?.parity ?? [];
    return [truth, predicted];
  });
  const { target = "property", unit = "", judged } = task.job.value.shown ?? {};
  const [truth, predicted] = columns.value as [number[], number[]];
  return (
    <Chart
      identity
      kind="points"
      title="Parity"
      note="Molecules that neither the networks nor the calibration had seen; on the dashed line, the prediction is true."
      summary={
        judged === undefined
          ? ""
          : `${truth.length} molecules: R² ${decimals(agreement(truth, predicted).r2, 3)}, RMSE ${inUnit(digits(judged.rmse), unit)}; guessing has ${inUnit(digits(judged.guessing), unit)}.`
      }
      names={["true value", "prediction"]}
      axes={[axisOf(`true ${target}`, unit), axisOf("prediction", unit)]}
      empty={[
        [-3, 5],
        [-3, 5],
      ]}
      columns={columns.value}
    />
  );
}

function Body() {
  const { shown, address, done, total } = task.job.value;
  const { judged, rows, target = "", unit = "", networks = 0 } = shown ?? {};
  const { members } = task.settings.value;
  const readings = {
    Networks: `${networks} of ${members}`,
    Done: total === 0 ? "–" : `${Math.round((100 * done) / total)} %`,
    "RMSE, new molecules": judged ? inUnit(digits(judged.rmse), unit) : "–",
    "Within 90 % bounds": judged ? `${Math.round(100 * judged.coverage)} %` : "–",
    "Learned from": rows ? `${rows.train} molecules` : "–",
    Backend: task.choice.value?.name ?? "–",
  };
  return (
    <Bench
      {...{ task, readings }}
      work="Learning"
      from={`network ${networks} of ${members}`}
      cure="Take fewer updates"
      missing={missing()}
      controls={
        task.settings.value.data !== "" && <ColumnControls of={table} groups={{ "": "equal molecules alone" }} />
      }
    >
      {judged && <AskCard key={address} {...{ address, judged, unit }} name={target} />}
      <Parity />
      <DataCard />
    </Bench>
  );
}

export default {
  heading: "Molecules, learned live",
  about:
    "Networks that pass messages along bonds learn a property of molecules here in your browser. Type any molecule: what they predict, how sure they are, " +
    "and which atoms make it so.",
  task,
  Body,
} satisfies Page;
