// The page: a chart of the first derivatives that networks multiply, then every activation with its derivatives.
import type { Figure, Report } from "@hooke/report";
import { type Curves, largest, points } from "./derivatives.ts";

const compared = ["sigmoid", "tanh", "relu", "gelu"];
const axes = { xLabel: "x", x: points };
const show = (value: number): string => String(Number(value.toPrecision(4)));

const comparison = (all: readonly Curves[]): Figure => ({
  kind: "curves",
  ...axes,
  title: "First derivatives compared",
  caption:
    "A gradient is multiplied by one of these in every layer. Sigmoid's never exceeds 0.25, so that through ten layers " +
    `it leaves at most ${show(0.25 ** 10)}; tanh and relu reach 1.`,
  yLabel: "f ′(x)",
  series: compared.map((name) => ({ label: name, values: all.find(({ label }) => label === name)!.first })),
});

const chart = ({ label, value, first, second }: Curves): Figure => ({
  kind: "curves",
  ...axes,
  title: label,
  caption: `|f ′| is at most ${show(largest(first).size)}, |f ″| at most ${show(largest(second).size)} on [-4,\u00a04].`,
  yLabel: "",
  series: [
    { label: "f", values: value },
    { label: "f ′", values: first },
    { label: "f ″", values: second },
  ],
});

export function activationsReport(all: readonly Curves[]): Report {
  return {
    title: "Activation functions and their derivatives",
    summary: [],
    metrics: [],
    figures: [comparison(all), ...all.map(chart)],
    details: [
      {
        title: "How",
        rows: [
          { label: "points", value: `${points.length} on [${points[0]}, ${points.at(-1)}], in f64` },
          {
            label: "derivatives",
            value: "exact, of the functions that networks use; at a kink, the value used in training",
          },
          { label: "softmax and logSoftmax", value: "of the vector (x, 0), first element" },
        ],
      },
    ],
  };
}
