// A report with a figure of every kind; the page's test writes the same report to a file in Node.
import type { Figures, KnownFigure, Report } from "@hooke/report";
import { array } from "@hooke/runtime";

const steps = Array.from({ length: 30 }, (_, i) => i / 29);
const parts = ["training", "test"].map((label, part) => ({
  label,
  actual: steps,
  predicted: steps.map((at, i) => at + 0.1 * Math.sin(7 * i + part)),
}));
const field = steps.slice(0, 20).map((y) => steps.map((x) => Math.sin(3 * x) * Math.cos(5 * y)));
const text = (title: string) => ({ title, caption: `What ${title.toLowerCase()} show.` });

export const figures: { readonly [K in keyof Figures]: KnownFigure & { kind: K } } = {
  curves: {
    ...text("Curves"),
    kind: "curves",
    xLabel: "strain (%)",
    yLabel: "stress (MPa)",
    x: steps,
    series: [
      { label: "steel", values: steps.map((x) => 300 * Math.tanh(3 * x)) },
      { label: "aluminium", values: steps.map((x) => 200 * Math.tanh(2 * x)) },
    ],
  },
  scatter: {
    ...text("Points"),
    kind: "scatter",
    xLabel: "grain size (µm)",
    yLabel: "hardness (HV)",
    clouds: [{ label: "cast", x: steps, y: steps.map((x) => 1 / (1 + x)) }],
  },
  parity: { ...text("Predictions"), kind: "parity", parts, quantity: "strength (MPa)" },
  residuals: { ...text("Residuals"), kind: "residuals", parts, quantity: "strength (MPa)" },
  confusion: {
    ...text("Classes"),
    kind: "confusion",
    classes: ["ok", "cracked"],
    counts: array([
      [8, 2],
      [1, 3],
    ]),
  },
  bars: {
    ...text("Importances"),
    kind: "bars",
    quantity: "rise of the RMSE (MPa)",
    bars: [
      { label: "age", value: 9.3, error: 0.8 },
      { label: "fly ash", value: -0.2, error: 0.5 },
    ],
  },
  table: {
    ...text("Alloys"),
    kind: "table",
    columns: [{ label: "alloy" }, { label: "yield stress", unit: "MPa" }],
    rows: [
      ["6061", 276.25],
      ["7075", 503],
    ],
  },
  fieldMap: {
    ...text("Fields"),
    kind: "fieldMap",
    quantity: "displacement (mm)",
    values: array(field),
    x: steps,
    y: steps.slice(0, 20),
    xLabel: "x (m)",
    yLabel: "y (m)",
    contours: true,
  },
  picture: {
    ...text("Pictures"),
    kind: "picture",
    width: 3,
    height: 2,
    pixels: Uint8Array.of(0, 50, 100, 150, 200, 250),
    overlay: { quantity: "weight", values: array([[0, 0.5, 1]]) },
  },
  history: {
    ...text("Histories"),
    kind: "history",
    xLabel: "time (h)",
    yLabel: "load (kN)",
    x: [0, 1, 2, 4],
    y: [10, 12, 31, 9],
    quantity: "share of the life (h)",
    shares: [-2, 1, 60, -5],
  },
};

export const report: Report = {
  title: "A figure of every kind",
  summary: [{ label: "kinds", value: Object.keys(figures).length }],
  warnings: ["This is a test."],
  metrics: [{ name: "RMSE (MPa)", values: { training: 1.25, test: 2 } }],
  figures: Object.values(figures),
  details: [{ title: "Run", rows: [{ label: "seed", value: 0 }] }],
};

const longer = [0.01, ...steps.slice(1), 1.5];

/** The report, with a point more on its curves, another field and another warning. */
export const changed: Report = {
  ...report,
  warnings: ["Changed."],
  figures: Object.values({
    ...figures,
    curves: {
      ...figures.curves,
      x: longer,
      series: [
        { label: "steel", values: longer.map((x) => 310 * Math.tanh(3 * x)) },
        { label: "aluminium", values: longer.map((x) => 210 * Math.tanh(2 * x)) },
      ],
    },
    fieldMap: { ...figures.fieldMap, values: array(field.map((row) => row.map((value) => value ** 2))) },
  }),
};
