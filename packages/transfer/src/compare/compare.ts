// Which backbone, before anything is trained: what a probe predicts of images left out, and the evidence, side by side.
import { bestLeftOut, multiples, restsFor, ridgePath } from "@hooke/baselines/linear";
import { fitChecks } from "@hooke/core";
import { type Dataset, datasetCheck, type RowNames, take } from "@hooke/data";
import { type Check, checkOptions, fail } from "@hooke/runtime";
import { fitScaling, rowsOf, scaled, targetsOf } from "../linear/rows.ts";
import { groupsCheck, knownRows, membersOf, probe } from "../probe/probe.ts";
import { logMe } from "./log-me.ts";

/** Options of {@link compareFeatures}. */
export interface CompareOptions {
  /** By the name of the backbone: features of the same images, with the same targets. */
  readonly candidates: Readonly<Record<string, Dataset>>;
  /** A name or number for each row, such as its specimen's: rows of one group are left out together. Default: every row by itself. */
  readonly groups?: RowNames;
  /** Ends it. Default: it runs to the end. */
  readonly signal?: AbortSignal;
}

/** One backbone. */
export interface Candidate {
  readonly name: string;
  /** How many features it has. */
  readonly width: number;
  /** Of a ridge regression on images left out: r2, or, of classes, accuracy. */
  readonly leaveOneOut: number;
  /** See {@link logMe}: comparable between candidates, not in itself. */
  readonly logMe: number;
}

const candidatesCheck: Check = (value) =>
  typeof value === "object" && value !== null && Object.values(value).every((each) => datasetCheck(each) === undefined)
    ? undefined
    : "features by the name of their backbone, such as { textureNet: await features(...) }";

/**
 * Scores backbones by their features, the best first. Both scores are exact and take seconds; what a ridge regression predicts of images left
 * out is in the units that matter, so that it decides.
 *
 * @throws if candidates have other targets than the first
 */
export async function compareFeatures(options: CompareOptions): Promise<Candidate[]> {
  checkOptions<CompareOptions>("compareFeatures", options, {
    required: { candidates: candidatesCheck },
    optional: { groups: groupsCheck, signal: fitChecks.signal },
  });
  const { candidates, groups, signal } = options;
  const stopping = signal && { signal };
  const entries = Object.entries(candidates);
  const [first] = entries;
  if (first === undefined) return fail("compareFeatures", "received no candidates; give at least one.");
  const found: Candidate[] = [];
  for (const [name, data] of entries) {
    if (data.targets.data.join() !== first[1].targets.data.join()) {
      fail(
        "compareFeatures",
        `"${name}" has other targets than "${first[0]}"; give features of the same images.`,
        "mismatch",
      );
    }
    const leaveOneOut =
      data.classes === undefined
        ? (await probe({ data, ...(groups && { groups }), ...stopping })).score
        : await accuracyLeftOut(data, groups, signal);
    const { width } = rowsOf("compareFeatures", data.inputs);
    found.push({ name, width, leaveOneOut, logMe: await logMe(data, stopping) });
  }
  return found.sort((a, b) => b.leaveOneOut - a.leaveOneOut);
}

/** Of classes by the largest of one ridge regression each, which a closed form leaves out exactly. */
async function accuracyLeftOut(given: Dataset, named: RowNames | undefined, signal: AbortSignal | undefined) {
  const known = knownRows(given);
  const data = take(given, known);
  const groups = named && Array.from(known, (row) => named[row]!);
  const rows = rowsOf("compareFeatures", data.inputs);
  const { classes = [], data: labels } = targetsOf("compareFeatures", data);
  const columns = classes.length;
  const rest = restsFor(signal);
  const path = await ridgePath(
    {
      rows: scaled(rows, fitScaling("compareFeatures", rows)),
      targets: Float64Array.from({ length: rows.count * columns }, (_, i) =>
        labels[Math.floor(i / columns)] === i % columns ? 1 : 0,
      ),
      columns,
    },
    rest,
  );
  const penalties = multiples(path.spectrum, 33, 1e4, 1e-4);
  const { leftOut } = await bestLeftOut("compareFeatures", path, penalties, rest, membersOf(groups, rows.count));
  let right = 0;
  for (const [row, label] of labels.entries()) {
    const scores = leftOut.subarray(row * columns, (row + 1) * columns);
    if (scores.indexOf(Math.max(...scores)) === label) right++;
  }
  return right / rows.count;
}
