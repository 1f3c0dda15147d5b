// A figure of every kind: a kind without one does not compile.
import { array } from "@hooke/runtime";
import type { Figures, KnownFigure } from "./kinds.ts";

const parts = [
  { label: "train", actual: [3, 1], predicted: [2.5, 1.5] },
  { label: "test", actual: [2], predicted: [4] },
];
const counts = array(Int32Array.of(8, 2, 0, 1, 3, 0, 0, 0, 0), { shape: [3, 3] });
const axis = (count: number): number[] => Array.from({ length: count }, (_, i) => i / (count - 1));
const heat = axis(16).map((y) => axis(24).map((x) => 293 + 200 * Math.exp(-8 * ((2 * x - 0.7) ** 2 + (y - 0.4) ** 2))));
const points = Array.from({ length: 60 }, (_, i) => [2 * ((0.618 * i) % 1), i / 60] as const);

export const samples: { readonly [K in keyof Figures]: Extract<KnownFigure, { kind: K }> } = {
  curves: {
    kind: "curves",
    title: "Stress over strain",
    caption: "Linear up to the yield point.",
    xLabel: "strain (%)",
    yLabel: "stress (MPa)",
    x: [0, 0.1, 0.2, 0.3],
    series: [
      { label: "steel", values: [0, 210, 300, 310] },
      { label: "aluminium", values: [0, 70, null, 180] },
    ],
  },
  scatter: {
    kind: "scatter",
    title: "Grain size and hardness",
    caption: "Finer grains are harder.",
    xLabel: "grain size (µm)",
    yLabel: "hardness (HV)",
    clouds: [
      { label: "cast", x: [80, 60, 90], y: [110, 128, 104] },
      { label: "rolled", x: [10, 20, 12], y: [210, 180, 202] },
    ],
  },
  parity: { kind: "parity", title: "Parity", caption: "Exact on the diagonal.", parts, quantity: "strength (MPa)" },
  residuals: { kind: "residuals", title: "Residuals", caption: "What is left.", parts, quantity: "strength (MPa)" },
  confusion: { kind: "confusion", title: "Classes", caption: "Test rows.", classes: ["ok", "<crack>", "pore"], counts },
  bars: {
    kind: "bars",
    title: "Importances",
    caption: "By permutation, with the deviation of ten.",
    quantity: "rise of the RMSE (MPa)",
    bars: [
      { label: "age", value: 9.31, error: 0.8 },
      { label: "cement", value: 7.5, error: 0.4 },
      { label: "fly ash", value: -0.25, error: 0.5 },
    ],
  },
  table: {
    kind: "table",
    title: "Alloys",
    caption: "As delivered.",
    columns: [{ label: "alloy" }, { label: "yield stress", unit: "MPa" }, { label: "temper" }],
    rows: [
      ["6061", 276.25, "T6"],
      ["7075", 503, "T651"],
      ["5083", null, "H116"],
    ],
  },
  fieldMap: {
    kind: "fieldMap",
    title: "Temperature",
    caption: "Around the weld.",
    quantity: "temperature (K)",
    values: array(heat),
    x: axis(24).map((x) => 2 * x),
    y: axis(16),
    xLabel: "x (m)",
    yLabel: "y (m)",
    contours: true,
  },
  picture: {
    kind: "picture",
    title: "Micrograph",
    caption: "Where the network looked.",
    width: 64,
    height: 48,
    pixels: Uint8Array.from({ length: 64 * 48 }, (_, i) => 128 + 90 * Math.sin((i % 64) / 5) * Math.cos(i / 640)),
    overlay: {
      quantity: "weight",
      values: array([
        [0, 0.2, 0.1],
        [0.1, 0.9, 0.3],
      ]),
      opacity: 0.4,
    },
  },
  history: {
    kind: "history",
    title: "Load history",
    caption: "The overload decides.",
    xLabel: "time (h)",
    yLabel: "load (kN)",
    x: [0, 1, 2, 4],
    y: [10, 12, 31, 9],
    quantity: "share of the life (h)",
    shares: [-2, 1, 60, -5],
  },
};

/** A field at points. */
export const scattered: KnownFigure = {
  ...samples.fieldMap,
  title: "Temperature at sensors",
  values: array(points.map(([x, y]) => 300 + 20 * x - 30 * y)),
  x: points.map(([x]) => x),
  y: points.map(([, y]) => y),
  contours: false,
};
