// What is told of the study: two lines, and energies beside true ones.
import type { Report } from "@hooke/report";
import type { Found, Settings } from "./study.ts";

const milli = (value: number): string => `${(1000 * value).toFixed(1)} thousandths of the well's depth`;

/** Errors of the network and of the composition. */
export const resultRows = ({ energyError, forceCosine, compositionError }: Found): string[] => [
  `energy per atom, mean error: PaiNN ${milli(energyError)}, composition alone ${milli(compositionError)}`,
  `forces: mean cosine with the true ones ${forceCosine.toFixed(4)}; the composition says nothing of them`,
];

export function crystalsReport(found: Found, settings: Settings): Report {
  const { actual, predicted, byComposition } = found.energies;
  return {
    title: "Energies and forces of crystals",
    summary: [
      { label: "Crystals to learn from", value: String(settings.train) },
      { label: "Mean error of the energy per atom", value: milli(found.energyError) },
      { label: "By the composition alone", value: milli(found.compositionError) },
      { label: "Mean cosine of the forces", value: found.forceCosine.toFixed(4) },
    ],
    parity: [
      { label: "PaiNN", actual, predicted },
      { label: "composition", actual, predicted: byComposition },
    ],
    quantity: "energy per atom (depths of the well)",
  };
}
