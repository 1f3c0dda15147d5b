// The figures: losses, and what the learner and its rival say of the micrographs that both were not shown.
import type { HostArray } from "@hooke/runtime";
import { useComputed } from "@preact/signals";
import { Chart } from "../../shell/chart.tsx";
import { Live } from "../../shell/live.tsx";
import { decimals } from "../../shell/readings.ts";
import { isClass, kinds } from "./settings.ts";
import { shown, task } from "./task.ts";
import { learnerName, quantityOf, scoreName, scoreOf } from "./words.ts";

export function Losses() {
  const columns = useComputed(() => {
    const { train, heldOut } = shown.value.curves;
    return [heldOut.map((_, i) => i + 1), train.slice(0, heldOut.length), heldOut];
  });
  const [epochs, train, heldOut] = columns.value as [number[], number[], number[]];
  const settings = task.settings.value;
  const loss = isClass(settings) ? "cross-entropy (nats)" : "mean squared error";
  const note = isClass(settings)
    ? "Cross-entropy after each epoch. Guessing has 1.10 nats."
    : "Mean squared error after each epoch, in variances of the training targets. Guessing has 1.";
  const last = (losses: number[]): string => decimals(losses.at(-1)!, 3);
  return (
    <Chart
      counted
      logarithmic
      kind="lines"
      title="Loss"
      note={note}
      summary={
        epochs.length === 0 ? "" : `After epoch ${epochs.length}: training ${last(train)}, held out ${last(heldOut)}.`
      }
      names={["epoch", "training", "held out"]}
      axes={["epoch", loss]}
      empty={[
        [1, Math.max(2, settings.epochs)],
        [0.01, 1],
      ]}
      columns={columns.value}
    />
  );
}

/** Versions of a figure: it changes where what is predicted does. */
const versionOf = (...columns: readonly (readonly number[])[]): string =>
  `${task.job.value.address} ${columns.map((column) => `${column.length} ${column.reduce((a, b) => a + b, 0)}`).join()}`;

export function Agreement() {
  const { truth, rival, network } = shown.value;
  const settings = task.settings.value;
  if (truth.length === 0) return null;
  const score = (predicted: readonly number[]): string => decimals(scoreOf(settings, truth, predicted), 3);
  const parts = [
    { label: "two-point statistics", actual: truth, predicted: rival },
    ...(network.length > 0 ? [{ label: learnerName(settings), actual: truth, predicted: network }] : []),
  ];
  const scores = parts.map(({ label, predicted }) => `${score(predicted)} of ${label}`).join(", ");
  if (!isClass(settings)) {
    return (
      <Live
        version={versionOf(rival, network)}
        figure={{
          kind: "parity",
          title: "Predicted and true",
          caption: `${truth.length} micrographs held out; on the dashed line, what is predicted is true. ${scoreName(settings)} ${scores}.`,
          quantity: quantityOf(settings),
          parts,
        }}
      />
    );
  }
  return (
    <>
      {parts.map(({ label, predicted }) => (
        <Live
          key={label}
          version={versionOf(predicted)}
          figure={{
            kind: "confusion",
            title: `Kinds as told by ${label}`,
            caption: `${truth.length} micrographs held out, accuracy ${score(predicted)}.`,
            classes: kinds,
            counts: countsOf(truth, predicted),
          }}
        />
      ))}
    </>
  );
}

/** Rows by true and by predicted kind. */
function countsOf(truth: readonly number[], predicted: readonly number[]): HostArray {
  const data = new Int32Array(kinds.length ** 2);
  for (const [i, kind] of truth.entries()) data[kind * kinds.length + predicted[i]!]!++;
  return { shape: [kinds.length, kinds.length], dtype: "i32", data };
}
