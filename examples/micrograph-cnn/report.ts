// What is told of the comparison: the printed rows, and the report.

import { meanOf } from "@hooke/example-study-frame/statistics.ts";
import type { IsotropyReport } from "@hooke/regularization";
import type { Report } from "@hooke/report";
import type { Scarce } from "./few.ts";
import { galleryFigures } from "./gallery.ts";
import { type WayName, ways } from "./networks.ts";
import { type View, views } from "./sample.ts";
import type { Results, Settings } from "./study.ts";

const known: Readonly<Record<View, string>> = {
  fraction: "volume fraction",
  twoPoint: "two-point statistics",
  named: "volume fraction and name of the morphology",
  image: "image",
};

const scores = (values: readonly number[]): string =>
  `${meanOf(values).toFixed(3)} (${values.map((value) => value.toFixed(3)).join(", ")})`;

const lengths = ({ comparisons: [axes] }: IsotropyReport): string => {
  const [x, y] = axes!.lengths;
  return `correlation length ${x.toFixed(2)} points along x, ${y.toFixed(2)} along y (p = ${axes!.pValue.toPrecision(2)})`;
};

const symmetryRows = ({ scores: found }: Scarce): { label: string; value: string }[] =>
  (Object.keys(ways) as WayName[]).map((way) => ({ label: ways[way].label, value: scores(found[way]) }));

/** What is printed of networks on few images. */
export const fewRows = (scarce: readonly Scarce[]): string[] =>
  scarce.flatMap((each) => [
    `\nNetworks on ${each.train} images, test R² as mean and by seed:`,
    ...symmetryRows(each).map(({ label, value }) => `${label.padEnd(26)}  ${value}`),
  ]);

/** What is printed. */
export function rows({ sizes }: Settings, { tests, scarce, symmetry }: Results): string[] {
  const width = Math.max(...Object.values(known).map(({ length }) => length));
  return [
    `Effective modulus of ${sizes.test} microstructures not trained on, from ${sizes.train} that were:\n`,
    `${"what is known".padEnd(width)}  test R²  RMSE (soft moduli)`,
    ...views.map((view) => {
      const { r2, rmse } = tests[view];
      return `${known[view].padEnd(width)}  ${r2.toFixed(3).padStart(7)}  ${rmse.toFixed(3).padStart(18)}`;
    }),
    ...fewRows(scarce),
    `\nThe microstructures: ${lengths(symmetry.microstructures)}.`,
    `A fibre composite: ${lengths(symmetry.fibres)}.`,
    ...symmetry.fibres.warnings.slice(0, 1),
    symmetry.refusal,
  ];
}

export function studyReport(settings: Settings, results: Results, seconds: number): Report {
  const { ensemble, sizes, seed, epochs } = settings;
  const { tests, actual, history, symmetry } = results;
  const validation = history.map((record) => record.validation!.loss);
  return {
    title: "Effective modulus of two-phase microstructures",
    summary: views.map((view) => ({ label: `Test R² from ${known[view]}`, value: tests[view].r2.toFixed(3) })),
    history: {
      epochs: history.map(({ epoch }) => epoch + 1),
      series: [
        { label: "training loss", values: history.map(({ loss }) => loss) },
        { label: "validation loss", values: validation },
      ],
    },
    figures: galleryFigures(results.gallery),
    metrics: [
      { name: "R²", values: Object.fromEntries(views.map((view) => [known[view], tests[view].r2])) },
      { name: "RMSE (soft moduli)", values: Object.fromEntries(views.map((view) => [known[view], tests[view].rmse])) },
    ],
    parity: (["fraction", "twoPoint", "image"] as const).map((view) => ({
      label: known[view],
      actual,
      predicted: tests[view].predicted,
    })),
    quantity: "effective modulus (soft moduli)",
    details: [
      ...results.scarce.map((each) => ({
        title: `Networks on ${each.train} images: test R²`,
        rows: symmetryRows(each),
      })),
      {
        title: "Symmetry, measured",
        rows: [
          { label: "microstructures", value: lengths(symmetry.microstructures) },
          { label: "fibre composite", value: lengths(symmetry.fibres) },
          {
            label: "its stiffness along and across",
            value: `${symmetry.fibreStiffness[0]![0]!.toFixed(1)} and ${symmetry.fibreStiffness[1]![1]!.toFixed(1)} soft moduli`,
          },
          { label: "declared transversely isotropic about x", value: symmetry.refusal },
        ],
      },
      {
        title: "How",
        rows: [
          { label: "microstructures", value: `${ensemble.side} x ${ensemble.side} points, ${sizes.train} trained on` },
          { label: "morphologies", value: ensemble.morphologies.join(", ") },
          { label: "volume fraction of the stiff phase", value: ensemble.fraction.join(" to ") },
          { label: "contrast", value: "50, Poisson's ratio 0.3, plane strain" },
          { label: "epochs", value: epochs },
          { label: "seed", value: String(seed) },
          { label: "homogenising and training", value: `${seconds.toFixed(0)} s` },
        ],
      },
    ],
  };
}
