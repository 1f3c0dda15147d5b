// The figures: what a training does, and the function its network is made of.
import { useComputed } from "@preact/signals";
import { Chart } from "../../shell/chart.tsx";
import type { Points } from "../../shell/plot.ts";
import { agreement, axisOf, decimals, inUnit, number } from "../../shell/readings.ts";
import { AskCard } from "./ask-card.tsx";
import { activations } from "./settings.ts";
import { TakeCard } from "./take-card.tsx";
import { activationCurves, explored, shown, target, task } from "./task.ts";

const rmse = (): string => axisOf("RMSE", target.value.unit);
const digits = (value: number): string => number(Number(value.toPrecision(3)));
const said = (value: number): string => inUnit(digits(value), target.value.unit);

/** What the target spans before there is anything to draw. */
const span = (): [number, number] => {
  const [least = 0, , most = 1] = target.value.range ?? [];
  return [least, most];
};

function Learned() {
  const columns = useComputed(() => {
    const { train, validation } = shown.value.curves;
    return [validation.map((_, i) => i + 1), train.slice(0, validation.length), validation];
  });
  const [epochs, train, validation] = columns.value as [number[], number[], number[]];
  const { best, taught } = shown.value;
  const [least, most] = span();
  return (
    <Chart
      wide
      counted
      logarithmic
      kind="lines"
      title="Error while learning"
      note={`Root mean square. ${taught ? `Guessing has ${said(taught.guessing)}. ` : ""}Upright: the best epoch.`}
      marks={best ? [best.epoch] : []}
      summary={
        epochs.length === 0
          ? ""
          : `Epoch ${epochs.length}: training ${digits(train.at(-1)!)}, held back ${said(validation.at(-1)!)}.`
      }
      names={["epoch", "training", "held back"]}
      axes={["epoch", rmse()]}
      empty={[
        [1, Math.max(2, task.settings.value.epochs)],
        [(most - least) / 100, most - least],
      ]}
      columns={columns.value}
    />
  );
}

function Parity() {
  const columns = useComputed(() => shown.value.parity);
  const [truth, predicted] = columns.value as [number[], number[]];
  const { r2, rmse: error } = agreement(truth, predicted);
  const { name, unit } = target.value;
  return (
    <Chart
      identity
      kind="points"
      title="Parity"
      note="Rows held back; on the dashed line, the network predicts what is true."
      summary={truth.length === 0 ? "" : `${truth.length} rows: R² ${decimals(r2, 3)}, RMSE ${said(error)}.`}
      names={["true value", "prediction"]}
      axes={[axisOf(`true ${name}`, unit), axisOf("prediction", unit)]}
      empty={[span(), span()]}
      columns={columns.value}
    />
  );
}

/** By prediction, as the chart wants them. */
function residuals([truth, predicted]: Points): Points {
  const order = predicted!.map((_, i) => i).sort((a, b) => predicted![a]! - predicted![b]!);
  return [order.map((i) => predicted![i]!), order.map((i) => predicted![i]! - truth![i]!)];
}

function Residuals() {
  const columns = useComputed(() => residuals(shown.value.parity));
  const [, left] = columns.value as [number[], number[]];
  const { name, unit } = target.value;
  const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
  const largest = left.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
  const [low, high] = span();
  return (
    <Chart
      kind="points"
      title="Residuals"
      note="Prediction less true value, on the same rows. A slope or a bend here is something that the network has not learned."
      summary={left.length === 0 ? "" : `Mean ${said(mean)}, largest ${said(largest)}.`}
      names={["prediction", "residual"]}
      axes={[axisOf(`predicted ${name}`, unit), axisOf("prediction − true value", unit)]}
      empty={[
        [low, high],
        [(low - high) / 4, (high - low) / 4],
      ]}
      columns={columns.value}
    />
  );
}

function Activation() {
  return (
    <Chart
      wide
      kind="lines"
      title="Activation"
      note="A function and its derivatives, by differentiating what the network uses, in 64 bits on wasm."
      summary=""
      names={["x", "value", "first derivative", "second derivative"]}
      axes={["x (no unit)", "f(x), f′(x), f″(x) (no unit)"]}
      empty={[
        [-4, 4],
        [-1, 4],
      ]}
      columns={activationCurves.value}
    >
      <select
        aria-label="Function"
        value={explored.value ?? ""}
        onChange={({ currentTarget }) => {
          explored.value = activations.find((name) => name === currentTarget.value);
        }}
      >
        <option value="">{`the network's: ${task.settings.value.activation}`}</option>
        {activations.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </Chart>
  );
}

export function Figures() {
  return (
    <>
      <Learned />
      <Parity />
      <Residuals />
      <AskCard />
      <TakeCard />
      <Activation />
    </>
  );
}
