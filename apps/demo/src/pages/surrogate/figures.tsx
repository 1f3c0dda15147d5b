// The figures: what a training does, and the function its network is made of.
import { useComputed } from "@preact/signals";
import { Chart } from "../../shell/chart.tsx";
import type { Points } from "../../shell/plot.ts";
import { agreement, decimals } from "../../shell/readings.ts";
import { AskCard } from "./ask-card.tsx";
import { noise } from "./noise.ts";
import { activations } from "./settings.ts";
import { TakeCard } from "./take-card.tsx";
import { activationCurves, explored, shown, task } from "./task.ts";

function Loss() {
  const columns = useComputed(() => {
    const { train, validation } = shown.value.curves;
    return [validation.map((_, i) => i + 1), train.slice(0, validation.length), validation];
  });
  const [epochs, train, validation] = columns.value as [number[], number[], number[]];
  const last = (losses: number[]): string => decimals(losses.at(-1)!, 4);
  const { best } = shown.value;
  return (
    <Chart
      wide
      counted
      logarithmic
      kind="lines"
      title="Loss"
      note="Mean squared error. The noise alone has 0.09. Upright: the best epoch."
      marks={best ? [best.epoch] : []}
      summary={
        epochs.length === 0 ? "" : `Epoch ${epochs.length}: training ${last(train)}, validation ${last(validation)}.`
      }
      names={["epoch", "training", "validation"]}
      axes={["epoch", "mean squared error"]}
      empty={[
        [1, Math.max(2, task.settings.value.epochs)],
        [0.1, 10],
      ]}
      columns={columns.value}
    />
  );
}

function Parity() {
  const columns = useComputed(() => shown.value.parity);
  const [truth, predicted] = columns.value as [number[], number[]];
  const { r2, rmse } = agreement(truth, predicted);
  return (
    <Chart
      identity
      kind="points"
      title="Parity"
      note="Validation rows; on the dashed line, the network predicts what is true."
      summary={
        truth.length === 0
          ? ""
          : `${truth.length} rows: R² ${decimals(r2, 3)}, root mean square error ${decimals(rmse, 3)}.`
      }
      names={["true value", "prediction"]}
      axes={["true value", "prediction"]}
      empty={[
        [-10, 10],
        [-10, 10],
      ]}
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
  const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
  const large = left.filter((value) => Math.abs(value) > 3 * noise).length;
  return (
    <Chart
      kind="points"
      title="Residuals"
      note="Prediction less true value, on the same rows. A slope or a bend here is something that the network has not learned."
      summary={
        left.length === 0
          ? ""
          : `Mean ${decimals(mean, 3)}; ${large} of ${left.length} beyond three deviations of the noise.`
      }
      names={["prediction", "residual"]}
      axes={["prediction", "prediction − true value"]}
      empty={[
        [-10, 10],
        [-3, 3],
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
      axes={["x", "f(x), f′(x), f″(x)"]}
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
      <Loss />
      <Parity />
      <Residuals />
      <AskCard />
      <TakeCard />
      <Activation />
    </>
  );
}
