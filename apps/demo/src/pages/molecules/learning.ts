// Learning: networks one after the other, kept as they are done; bounds from rows that none has seen, judged by others.
import { encodeFitted, type Fitted, inputsOf } from "@hooke/baselines";
import { metrics, type Table } from "@hooke/data";
import { graphNetwork } from "@hooke/model-advisor/graphs";
import { array, type Backend, type HostArray } from "@hooke/runtime";
import { scoreBounds, splitConformal } from "@hooke/uncertainty";
import type { Run } from "../../jobs/serve.ts";
import type { Points } from "../../shell/plot.ts";
import { decodeMembers, level, mixture } from "./members.ts";
import { loadMolecules, type Molecules } from "./molecules.ts";
import type { Settings } from "./settings.ts";

/** What the page shows. */
export interface Learning {
  /** Networks that are done. */
  readonly networks: number;
  readonly target: string;
  readonly unit: string;
  readonly rows: { readonly train: number; readonly calibration: number; readonly test: number };
  /** Once all networks are done. */
  readonly judged?: Judged;
}

/** Of molecules that no network and no calibration has seen. */
export interface Judged {
  readonly rmse: number;
  /** The same error of guessing the mean of the training. */
  readonly guessing: number;
  /** The share within the bounds. */
  readonly coverage: number;
  /** Half of the bounds are narrower. */
  readonly width: number;
  /** True values, ascending; predictions, lower and upper bounds. */
  readonly parity: Points;
}

/** What is kept: the networks, and what calibrates them. */
export interface Remembered {
  readonly members: readonly Uint8Array[];
  readonly calibration?: Calibration;
}

/** Arrays of `[rows]`. */
export interface Calibration {
  readonly predictions: HostArray;
  readonly deviation: HostArray;
  readonly targets: HostArray;
}

/** Of each network. */
const share = 100;
export const totalOf = ({ members }: Settings): number => share * members;

export async function learning(settings: Settings, backend: Backend, run: Run<Learning, Remembered>) {
  const { signal, report, keep, from } = run;
  const molecules = await loadMolecules(settings);
  const { parts, target, unit } = molecules;
  const rows = { train: parts.train.rowCount, calibration: parts.calibration.rowCount, test: parts.test.rowCount };
  let shown: Learning = from?.shown ?? { networks: 0, target, unit, rows };
  const members = [...(from?.checkpoint.members ?? [])];
  const fitted = decodeMembers(members);
  while (members.length < settings.members) {
    const done = share * members.length;
    try {
      const inputs = [`graph of ${molecules.smiles}`];
      const method = graphNetwork({ kind: "messages", members: 1, width: 48, updates: settings.updates });
      const next = await method.fit(parts.train, target, {
        ...{ inputs, texts: inputs, backend, signal },
        seed: settings.seed + members.length,
        onProgress: ({ fraction }) => void report(done + Math.floor(share * fraction), () => shown),
      });
      fitted.push(next);
    } catch (error) {
      if (signal.aborted) return { done, shown };
      throw error;
    }
    members.push(encodeFitted(fitted.at(-1)!));
    shown = { ...shown, networks: members.length };
    await keep({ members }, share * members.length, shown);
  }
  const calibration = { ...said(fitted, parts.calibration), targets: known(parts.calibration, target) };
  shown = { ...shown, judged: judge(fitted, molecules, calibration) };
  await keep({ members, calibration }, totalOf(settings), shown);
  return { done: totalOf(settings), shown };
}

const known = (table: Table, name: string): HostArray =>
  array(inputsOf(table, [{ name, type: "number" }]).columns[0]!.values as Float64Array, { dtype: "f64" });

function said(members: readonly Fitted[], table: Table): Omit<Calibration, "targets"> {
  const { mean, deviation } = mixture(members, table);
  return { predictions: mean, deviation };
}

function judge(members: readonly Fitted[], { parts, target }: Molecules, calibration: Calibration): Judged {
  const { predictions, deviation } = said(members, parts.test);
  const targets = known(parts.test, target);
  const bounds = splitConformal(calibration).bounds(predictions, { level, deviation });
  const learned = known(parts.train, target).data as Float64Array;
  const mean = learned.reduce((sum, value) => sum + value, 0) / learned.length;
  const guess = array(Float64Array.from(targets.data).fill(mean), { dtype: "f64" });
  const order = Array.from(targets.data.keys()).sort((a, b) => targets.data[a]! - targets.data[b]!);
  const columns = [targets, predictions, bounds.lower, bounds.upper];
  const widths = Float64Array.from(bounds.upper.data, (upper, i) => upper - bounds.lower.data[i]!).sort();
  return {
    rmse: metrics.rmse.compute(predictions, targets),
    guessing: metrics.rmse.compute(guess, targets),
    coverage: scoreBounds(bounds, targets).coverage,
    width: widths[widths.length >> 1]!,
    parity: columns.map(({ data }) => order.map((i) => Number(data[i]))),
  };
}
