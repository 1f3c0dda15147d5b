// The figures: what a training does, and the function its network is made of.
import { useComputed } from "@preact/signals";
import { Chart } from "../../shell/chart.tsx";
import { agreement, decimals } from "../../shell/readings.ts";
import { activations } from "./settings.ts";
import { activationCurves, explored, shown, task } from "./task.ts";

function Loss() {
  const columns = useComputed(() => {
    const { train, validation } = shown.value.curves;
    return [validation.map((_, i) => i + 1), train.slice(0, validation.length), validation];
  });
  const [epochs, train, validation] = columns.value as [number[], number[], number[]];
  const last = (losses: number[]): string => decimals(losses.at(-1)!, 4);
  return (
    <Chart
      wide
      counted
      logarithmic
      kind="lines"
      title="Loss"
      note="Mean squared error after each epoch. The noise alone has 0.09."
      summary={
        epochs.length === 0
          ? ""
          : `After epoch ${epochs.length}: training ${last(train)}, validation ${last(validation)}.`
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

function Activation() {
  return (
    <Chart
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
      <Activation />
    </>
  );
}
