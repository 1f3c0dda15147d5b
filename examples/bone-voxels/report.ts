// What is told of the comparison: the printed rows, and the report.
import { deviationOf, meanOf, meanWithDeviation } from "@hooke/example-study-frame/statistics.ts";
import type { Figure, Report } from "@hooke/report";
import { recommend } from "@hooke/transfer";
import { network, type Results, type Settings } from "./study.ts";

/** What is printed. */
export function rows({ ensemble: { side }, sizes, seeds }: Settings, { scores, specimens }: Results): string[] {
  const width = Math.max(...Object.keys(scores).map(({ length }) => length));
  const moduli = specimens.map(({ modulus }) => modulus);
  return [
    `Young's modulus along z of ${sizes.test} structures of ${side} x ${side} x ${side} voxels not trained on, from ${sizes.train + sizes.validation} that were;`,
    `mean and standard deviation over ${seeds.length} seeds. Moduli are ${Math.min(...moduli).toFixed(4)} to ${Math.max(...moduli).toFixed(4)} of the tissue's.\n`,
    `${"what is known".padEnd(width)}          test R²   relative error`,
    ...Object.entries(scores).map(([method, bySeed]) => {
      const [r2, relative] = [bySeed.map(({ r2 }) => r2), bySeed.map(({ relative }) => relative)];
      return `${method.padEnd(width)}  ${meanWithDeviation(r2).padStart(15)}  ${meanWithDeviation(relative).padStart(15)}`;
    }),
  ];
}

export function studyReport(settings: Settings, results: Results, seconds: number): Report {
  const { ensemble, sizes, seeds, epochs, seed } = settings;
  const { specimens, scores, actual } = results;
  const { side } = ensemble;
  const byRods = [...specimens].sort((a, b) => a.rods - b.rods);
  const { name: recommended, reason } = recommend({
    // R² hardly sees the soft structures; of errors, ratios count.
    methods: Object.entries(scores).map(([name, bySeed]) => ({
      name,
      scores: bySeed.map(({ relative }) => Math.log(relative)),
    })),
    direction: "minimize",
  });
  const plates = byRods[0]!;
  const rods = byRods.at(-1)!;
  return {
    title: "The stiffness of trabecular structures",
    summary: [
      { label: "Recommended, by relative errors", value: recommended },
      { label: `Test R² from ${network}`, value: meanWithDeviation(scores[network]!.map(({ r2 }) => r2)) },
    ],
    figures: [
      {
        kind: "bars",
        title: "Who predicts how well",
        caption: `R² on ${sizes.test} structures held out: mean and standard deviation over ${seeds.length} seeds.`,
        quantity: "test R²",
        bars: Object.entries(scores).map(([label, bySeed]) => {
          const r2 = bySeed.map(({ r2 }) => r2);
          return { label, value: meanOf(r2), error: deviationOf(r2) };
        }),
      },
      ...(
        [
          ["Most like plates", plates],
          ["Most like rods", rods],
        ] as const
      ).map(
        ([title, { bone, fraction, thickness, anisotropy, modulus }]): Figure => ({
          kind: "picture",
          title,
          caption: `A section along z (upwards). BV/TV ${fraction.toFixed(2)}, Tb.Th ${thickness.toFixed(1)} voxels, DA ${anisotropy.toFixed(2)}: ${modulus.toFixed(4)} of the tissue's modulus along z.`,
          width: side,
          height: side,
          pixels: Uint8Array.from({ length: side ** 2 }, (_, i) => {
            const [x, z] = [i % side, side - 1 - Math.floor(i / side)];
            return bone[(z * side + side / 2) * side + x]! > 0.5 ? 60 : 225;
          }),
        }),
      ),
      {
        kind: "scatter",
        title: "The modulus and BV/TV",
        caption: "Structures of one BV/TV differ in stiffness by what else they are.",
        xLabel: "BV/TV",
        yLabel: "modulus along z (of the tissue's)",
        clouds: [
          { label: "plates", among: specimens.filter(({ rods }) => rods < 0.5) },
          { label: "rods", among: specimens.filter(({ rods }) => rods >= 0.5) },
        ].map(({ label, among }) => ({
          label,
          x: among.map(({ fraction }) => fraction),
          y: among.map(({ modulus }) => modulus),
        })),
      },
    ],
    parity: Object.entries(scores)
      .filter(([method]) => method === network || method.includes("DA"))
      .map(([label, bySeed]) => ({
        label,
        actual: actual.flat(),
        predicted: bySeed.flatMap(({ predicted }) => predicted),
      })),
    quantity: "modulus along z (of the tissue's)",
    details: [
      { title: "Why", rows: [{ label: "by logarithms of relative errors", value: reason }] },
      {
        title: "How",
        rows: [
          { label: "structures", value: `${side} x ${side} x ${side} voxels, ${specimens.length}` },
          {
            label: "parts",
            value: `${sizes.train} trained on, ${sizes.validation} to choose the epoch, ${sizes.test} tested`,
          },
          { label: "BV/TV", value: ensemble.fraction.join(" to ") },
          { label: "stretched along z by", value: ensemble.aspect.join(" to ") },
          { label: "marrow", value: "a thousandth of the tissue's modulus; Poisson's ratio 0.3" },
          { label: "epochs", value: epochs },
          { label: "seed of the structures", value: String(seed) },
          { label: "homogenising and training", value: `${seconds.toFixed(0)} s` },
        ],
      },
    ],
  };
}
