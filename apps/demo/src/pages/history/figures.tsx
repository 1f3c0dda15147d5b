// The figures: the forecast of one specimen, how the networks learn, and how errors grow with what lies ahead.
import { toBeat } from "@hooke/example-crack-growth/baselines.ts";
import { lstmName, transformerName } from "@hooke/example-crack-growth/method.ts";
import { virkler } from "@hooke/example-crack-growth/plate.ts";
import { linearRegression } from "@hooke/example-crack-growth/regression.ts";
import { forecastSteps, observedSteps } from "@hooke/example-crack-growth/specimens.ts";
import { Chart } from "../../shell/chart.tsx";
import { decimals } from "../../shell/readings.ts";
import { Slider } from "../../shell/slider.tsx";
import { histories, looked, task } from "./task.ts";

/** In this order they have the same colour in every figure. */
export const drawn = [lstmName, transformerName, toBeat, linearRegression.name] as const;

const grid = () => histories.value ?? { start: virkler.cyclesPerStep, cyclesPerStep: virkler.cyclesPerStep };

/** So many steps after the first measurement, in thousands. */
export const cyclesAt = (step: number): number => (grid().start + step * grid().cyclesPerStep) / 1000;

/** So many steps ahead, in thousands. */
const cyclesAhead = (steps: number): number => (steps * grid().cyclesPerStep) / 1000;
const steps = Array.from({ length: observedSteps + forecastSteps }, (_, step) => step);
const gap = Number.NaN;

const specimens = () => histories.value?.specimens ?? [];

/** Where a specimen stands, and what it is called if that says more. */
export function nameOf(index: number): string {
  const place = String(index + 1);
  const name = specimens()[index]?.name ?? place;
  return name === place ? place : `${name}, ${place}`;
}

/** Of each method, from the last step it sees on: what it forecasts of the specimen that is looked at. */
function forecasts(lengths: readonly number[]): number[][] {
  const { results = [] } = task.job.value.shown ?? {};
  return drawn.map((name) => {
    const forecast = results.find(({ method }) => method === name)?.forecasts[looked()];
    return steps.map((step) => {
      if (step < observedSteps - 1 || forecast === undefined) return gap;
      return step < observedSteps ? lengths[step]! : forecast[step - observedSteps]!;
    });
  });
}

const lengthsOf = (index: number): readonly number[] => specimens()[index]?.lengths.slice(0, steps.length) ?? [];

export function Forecast() {
  const index = looked();
  const lengths = lengthsOf(index);
  const { folds = [] } = task.job.value.shown ?? {};
  const fold = folds.findIndex((heldOut) => heldOut.includes(index));
  const count = specimens().length;
  return (
    <Chart
      title="Forecast"
      note={`Dots: the data. Methods see the first ${observedSteps} of them, up to the upright line, and other specimens; never the rest of this one.`}
      summary={fold < 0 ? "" : `Held out in fold ${fold + 1}, with ${folds[fold]!.length - 1} others.`}
      names={["cycles / 1,000", ...drawn, "data"]}
      axes={["cycles / 1,000", "half crack length (mm)"]}
      kind={["lines", "lines", "lines", "lines", "points"]}
      marks={[cyclesAt(observedSteps - 1)]}
      empty={[
        [cyclesAt(0), cyclesAt(steps.length - 1)],
        [5, 35],
      ]}
      columns={
        lengths.length === 0
          ? [[], ...drawn.map(() => []), []]
          : [steps.map((step) => cyclesAt(step)), ...forecasts(lengths), lengths]
      }
    >
      <Slider
        task={task}
        name="specimen"
        most={Math.max(1, count)}
        words={count === 0 ? "–" : `${nameOf(index)} of ${count}`}
      />
    </Chart>
  );
}

export function Left() {
  const index = looked();
  const lengths = lengthsOf(index);
  const { scores = [] } = task.job.value.shown ?? {};
  const errors = drawn.flatMap((name) => {
    const error = scores.find(({ method }) => method === name)?.bySpecimen[index];
    return error === undefined ? [] : [`${name} ${decimals(error, 2)}`];
  });
  const isEmpty = errors.length === 0 || lengths.length === 0;
  const ahead = steps.slice(observedSteps - 1);
  const columns = forecasts(lengths).map((values) => ahead.map((step) => values[step]! - lengths[step]!));
  return (
    <Chart
      kind="lines"
      title="Forecast less data"
      note="Of the same specimen. Above zero, the crack is forecast to be longer than it was."
      summary={isEmpty ? "" : `RMSE in mm: ${errors.join(", ")}.`}
      names={["cycles / 1,000", ...drawn]}
      axes={["cycles / 1,000", "forecast − data (mm)"]}
      empty={[
        [cyclesAt(observedSteps - 1), cyclesAt(steps.length - 1)],
        [-1, 1],
      ]}
      columns={isEmpty ? [[], ...drawn.map(() => [])] : [ahead.map((step) => cyclesAt(step)), ...columns]}
    />
  );
}

export function Learned() {
  const { learning = [] } = task.job.value.shown ?? {};
  const errors = learning.map((each) => each.errors.map((error) => 100 * error));
  const epochs = Math.min(...errors.map(({ length }) => length));
  const isEmpty = learning.length === 0 || epochs === 0;
  const said = learning.map(
    ({ network, bestEpochs }, i) =>
      `${network} ${decimals(errors[i]!.at(-1) ?? gap, 1)} % (best in its folds after epochs ${bestEpochs.join(", ")})`,
  );
  const of = task.settings.value.multiples === "growth" ? "last measured length" : "law's forecast";
  return (
    <Chart
      counted
      logarithmic
      kind="lines"
      title="Error while learning"
      note={`On specimens that are neither trained on nor held out: they say which epoch is the best. In % of the ${of}, the mean of the folds.`}
      summary={isEmpty ? "" : `After epoch ${epochs}: ${said.join("; ")}.`}
      names={["epoch", lstmName, transformerName]}
      axes={["epoch", "RMSE (%)"]}
      empty={[
        [1, Math.max(2, task.settings.value.epochs)],
        [1, 100],
      ]}
      columns={
        isEmpty
          ? [[], [], []]
          : [Array.from({ length: epochs }, (_, i) => i + 1), ...errors.map((each) => each.slice(0, epochs))]
      }
    />
  );
}

export function Ahead() {
  const { scores = [] } = task.job.value.shown ?? {};
  const columns = drawn.map(
    (name) => scores.find(({ method }) => method === name)?.byStep ?? new Array<number>(forecastSteps).fill(gap),
  );
  const isEmpty = scores.length === 0;
  const last = drawn.flatMap((name, i) =>
    Number.isFinite(columns[i]!.at(-1)) ? [`${name} ${decimals(columns[i]!.at(-1)!, 2)}`] : [],
  );
  return (
    <Chart
      kind="lines"
      title="Error by what lies ahead"
      note="Root mean square over all specimens, each held out once."
      summary={
        last.length === 0
          ? ""
          : `${(1000 * cyclesAhead(forecastSteps)).toLocaleString("en")} cycles ahead, in mm: ${last.join(", ")}.`
      }
      names={["cycles ahead / 1,000", ...drawn]}
      axes={["cycles ahead / 1,000", "RMSE (mm)"]}
      empty={[
        [cyclesAhead(1), cyclesAhead(forecastSteps)],
        [0, 1],
      ]}
      columns={
        isEmpty ? [[], ...drawn.map(() => [])] : [columns[0]!.map((_, step) => cyclesAhead(step + 1)), ...columns]
      }
    />
  );
}
