// Asking the networks about a molecule that is typed: its bounds, what each atom adds, and how it is drawn.
import type { Fitted } from "@hooke/baselines";
import { tableOf } from "@hooke/data";
import { checkDomain } from "@hooke/model-advisor";
import { atomShares, moleculeTable } from "@hooke/model-advisor/graphs";
import { splitConformal } from "@hooke/uncertainty";
import { keptCheckpoint } from "../../jobs/storage.ts";
import { type Drawing, drawingOf } from "./drawing.ts";
import type { Remembered } from "./learning.ts";
import { decodeMembers, level, mixture } from "./members.ts";
import { loadMolecules } from "./molecules.ts";
import { sampleTarget } from "./sample.ts";
import type { Settings } from "./settings.ts";

/** What is said of a molecule, in the unit of the target. */
export interface Answer {
  readonly smiles: string;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** By how much the networks differ. */
  readonly differ: number;
  /** Why it is outside of what was learned from, by its descriptors; empty where it is inside. */
  readonly outside: readonly string[];
  /** Whether it was among those that were learned from. */
  readonly isKnown: boolean;
  /** What OpenChemLib estimates, of its own estimate alone. */
  readonly estimate: number | undefined;
  /** With what each atom adds; none of a single atom. */
  readonly drawing: Drawing;
}

let opened: { readonly address: string; readonly members: readonly Fitted[]; readonly kept: Remembered } | undefined;

/** @throws on what is no SMILES, and where the run is no longer kept */
export async function answerOf(address: string, settings: Settings, text: string): Promise<Answer> {
  const { smiles: column, known, target, domain } = await loadMolecules(settings);
  const smiles = text.trim();
  const drawing = await drawingOf(smiles);
  const table = await moleculeTable(tableOf({ [column]: [smiles] }), { smiles: column });
  if (opened?.address !== address) {
    const kept = (await keptCheckpoint(address)) as Remembered;
    opened = { address, kept, members: decodeMembers(kept.members) };
  }
  const { members, kept } = opened;
  const { mean, deviation, modelDeviation } = mixture(members, table);
  const { lower, upper } = splitConformal(kept.calibration!).bounds(mean, { level, deviation });
  const shares = new Float64Array(drawing.atoms.length);
  for (const fitted of members) {
    const [found] = await atomShares(fitted, table);
    for (const [atom, value] of found?.shares.entries() ?? []) shares[atom]! += value / members.length;
  }
  const estimate = target === sampleTarget ? table.columns.find(({ name }) => name === `${target} of ${column}`) : null;
  return {
    ...{ smiles, value: mean.data[0]!, lower: lower.data[0]!, upper: upper.data[0]!, differ: modelDeviation.data[0]! },
    outside: checkDomain(domain, table)[0]!.because,
    isKnown: known.includes(smiles),
    estimate: estimate?.values[0] as number | undefined,
    drawing: { ...drawing, atoms: drawing.atoms.map((atom, i) => ({ ...atom, share: shares[i]! })) },
  };
}
