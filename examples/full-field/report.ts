// What is told of the comparison: the printed rows, and the report with maps of fields.
import { meanWithDeviation } from "@hooke/example-study-frame/statistics.ts";
import type { Figure, Report } from "@hooke/report";
import { array } from "@hooke/runtime";
import { targetNames } from "./sample.ts";
import { fields, nameOf, type Results, type Score, type Settings, type Shown } from "./study.ts";

const cells = (bySeed: readonly Score[]): string[] =>
  Object.keys(fields).map((field) => meanWithDeviation(bySeed.map(({ errors }) => errors[field]!)));

/** What is printed. */
export function rows({ ensemble: { side }, sizes, seeds }: Settings, results: Results): string[] {
  const { scores, recommended, timed } = results;
  const width = Math.max(...Object.keys(scores).map(({ length }) => length));
  return [
    `Fields of ${sizes.test} cells of ${side} x ${side} pixels not trained on, from ${sizes.train} that were: the root of the mean`,
    `square of the error over that of the field, mean and standard deviation over ${seeds.length} seeds.\n`,
    `${"".padEnd(width)}${Object.keys(fields)
      .map((field) => field.padStart(16))
      .join("")}`,
    ...Object.entries(scores).map(
      ([method, bySeed]) =>
        `${method.padEnd(width)}${cells(bySeed)
          .map((cell) => cell.padStart(16))
          .join("")}`,
    ),
    `\nBy stresses: ${recommended.reason}\n`,
    `${"".padEnd(width)}      ms a cell  error of displacement, of stress`,
    ...Object.entries(timed).map(
      ([name, { milliseconds, errors, stress }]) =>
        `${name.padEnd(width)}${milliseconds.toFixed(2).padStart(15)}${errors.displacement!.toExponential(1).padStart(23)}${stress.toExponential(1).padStart(12)}`,
    ),
  ];
}

export function studyReport(settings: Settings, results: Results, seconds: number): Report {
  const { ensemble, sizes, seeds, epochs, seed, filters, norms } = settings;
  const { scores, recommended, timed } = results;
  const network = nameOf(norms[0]!);
  const { middle, worst } = scores[network]![0]!;
  const solver = Object.entries(timed).find(([name]) => name.startsWith("solver"))!;
  return {
    title: "Fields of two-phase cells",
    summary: [
      { label: "Recommended, by stresses", value: recommended.name },
      {
        label: `Error of stresses, ${network}`,
        value: meanWithDeviation(scores[network]!.map(({ stress }) => stress)),
      },
      {
        label: `Time of the ${solver[0]} over that of the network`,
        value: (solver[1].milliseconds / timed[network]!.milliseconds).toFixed(1),
      },
    ],
    figures: [
      {
        kind: "table",
        title: "Relative errors by field",
        caption: `The root of the mean square of the error over that of the field, on ${sizes.test} cells held out: mean and standard deviation over ${seeds.length} seeds.`,
        columns: [{ label: "method" }, ...Object.keys(fields).map((label) => ({ label }))],
        rows: Object.entries(scores).map(([method, bySeed]) => [method, ...cells(bySeed)]),
      },
      {
        kind: "table",
        title: "What a cell costs",
        caption: `Processor time of one of ${sizes.test} cells that are computed at once, on one core, and what is off. The solver's own errors are those against a tolerance of 1e-6.`,
        columns: [
          { label: "method" },
          { label: "time", unit: "ms" },
          { label: "error of displacement" },
          { label: "error of stress" },
        ],
        rows: Object.entries(timed).map(([name, { milliseconds, errors, stress }]) => [
          name,
          milliseconds,
          errors.displacement!,
          stress,
        ]),
      },
      ...maps("Middle error", network, results, ensemble.side, middle),
      ...maps("Largest error", network, results, ensemble.side, worst),
    ],
    details: [
      { title: "Why", rows: [{ label: "by stresses", value: recommended.reason }] },
      {
        title: "How",
        rows: [
          { label: "cells", value: `${side(ensemble.side)}, ${sizes.train} trained on, ${sizes.test} tested` },
          { label: "phases", value: "Young's moduli 1 and 10, Poisson's ratio 0.3, plane strain" },
          { label: "loads", value: "mean strains of size 1 in all directions" },
          { label: "network", value: `U-Net of ${filters} channels at full size, ${epochs} epochs` },
          { label: "seed of the cells", value: String(seed) },
          { label: "solving and training", value: `${seconds.toFixed(0)} s` },
        ],
      },
    ],
  };
}

const side = (pixels: number): string => `${pixels} x ${pixels} pixels`;

/** The phases, and of two fields what is, what is predicted, and the difference. */
function maps(
  title: string,
  network: string,
  { sample }: Results,
  pixels: number,
  { cell, error, predicted }: Shown,
): Figure[] {
  const size = pixels ** 2;
  const [width, middles] = [targetNames.length, Array.from({ length: pixels }, (_, i) => (i + 0.5) / pixels)];
  const stiff = sample.stiff.data.slice(cell * size, (cell + 1) * size) as Float64Array;
  const [e11, e22, e12] = Array.from(sample.load.data.slice(3 * cell, 3 * cell + 3), (value) => value.toFixed(2));
  const actual = sample.data.targets.data;
  const phases: Figure = {
    kind: "picture",
    title: `${title}: the phases`,
    caption: `The stiff phase is dark, y goes upwards. Mean strain 11: ${e11}, 22: ${e22}, 12: ${e12}. Error of its stresses by ${network}: ${error.toFixed(3)}.`,
    width: pixels,
    height: pixels,
    pixels: Uint8Array.from({ length: size }, (_, i) => {
      const row = pixels - 1 - Math.floor(i / pixels);
      return stiff[row * pixels + (i % pixels)]! > 0.5 ? 60 : 225;
    }),
  };
  const shownFields = [
    ["displacement along x (edges of the cell)", 0],
    ["stress 11 (soft moduli)", 2],
  ] as const;
  return [
    phases,
    ...shownFields.flatMap(([quantity, channel]) => {
      const of = (values: ArrayLike<number>, from: number): number[] =>
        Array.from({ length: size }, (_, i) => values[from + i * width + channel]!);
      const [truth, guess] = [of(actual, cell * size * width), of(predicted, 0)];
      const both = [...truth, ...guess];
      const range = [Math.min(...both), Math.max(...both)] as const;
      return (
        [
          ["solved", truth, range],
          [`by ${network}`, guess, range],
          ["predicted less solved", guess.map((value, i) => value - truth[i]!), undefined],
        ] as const
      ).map(
        ([name, values, limits]): Figure => ({
          kind: "fieldMap",
          title: `${title}: ${quantity.split(" (")[0]}, ${name}`,
          caption:
            limits === undefined ? "On its own scale." : "On the scale of both, what is solved and what is predicted.",
          quantity,
          values: array(Float64Array.from(values), { shape: [pixels, pixels] }),
          x: middles,
          y: middles,
          xLabel: "x",
          yLabel: "y",
          ...(limits && { range: limits }),
        }),
      );
    }),
  ];
}
