// What was judged, as tables in Markdown: advice beside what one might do without it, and whether what it says of itself holds.
import type { Forecast, Noticed } from "./honesty.ts";
import type { Judgement } from "./judge.ts";

/** All that a run finds out, one a line. */
export type Finding = Judgement | Noticed | Forecast;

/** What one might do, and the candidate that this leads to. */
const policies: Readonly<Record<string, (judgement: Judgement) => string | undefined>> = {
  advice: ({ advised }) => advised ?? "dummy",
  "best by plain cross-validation": ({ plain }) => plain,
  "always tuned boosting": () => "tuned boosting",
  "always Gaussian process": () => "Gaussian process",
  "the chapter's table": ({ rows, errors }) =>
    rows >= 500 ? "tuned boosting" : "ridge" in errors ? "ridge" : "logistic",
  "random forest": () => "forest",
};

/** The error of what was advised: advice that fails is the worst there is. */
const advisedError = ({ advised = "dummy", errors }: Judgement): number => errors[advised] ?? Number.POSITIVE_INFINITY;

/** The error of a policy; undefined where it is no candidate. */
const errorOf = (policy: string, judgement: Judgement): number | undefined =>
  policy === "advice" ? advisedError(judgement) : judgement.errors[policies[policy]!(judgement) ?? ""];

const leastOf = ({ errors }: Judgement): number => Math.min(...Object.values(errors));
/** Whether any candidate predicted the rows held back: without one there is nothing to compare with. */
const isJudged = ({ errors }: Judgement): boolean => Object.keys(errors).length > 0;
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const geometricMean = (values: readonly number[]): number => Math.exp(meanOf(values.map(Math.log)));

/** The candidates that predicted in all judgements of a set, with their mean errors. */
function meansOf(judgements: readonly Judgement[]): Record<string, number> {
  const names = Object.keys(judgements[0]!.errors).filter((name) => judgements.every(({ errors }) => name in errors));
  return Object.fromEntries(names.map((name) => [name, meanOf(judgements.map(({ errors }) => errors[name]!))]));
}

/** How a policy did: over the best of each run, and over the best candidate of each set, by mean errors over its runs. */
interface Regret {
  readonly runs: readonly number[];
  readonly sets: readonly number[];
}

/** @param errorIn the error of a policy in a run; undefined where it has none */
function regretOf(
  judgements: readonly Judgement[],
  errorIn: (judgement: Judgement, ofSet: readonly Judgement[]) => number | undefined,
): Regret {
  const bySet = [...Map.groupBy(judgements, ({ set }) => set).values()];
  const runs: number[] = [];
  const sets: number[] = [];
  for (const ofSet of bySet) {
    const errors = ofSet.map((judgement) => errorIn(judgement, ofSet));
    if (errors.includes(undefined)) continue;
    for (const [i, judgement] of ofSet.entries()) runs.push(errors[i]! / leastOf(judgement));
    sets.push(meanOf(errors as number[]) / Math.min(...Object.values(meansOf(ofSet))));
  }
  return { runs, sets };
}

/** Of each set the candidate of the least mean error over its runs: what an advisor would have advised that knew these. */
function hindsight(judgement: Judgement, ofSet: readonly Judgement[]): number {
  const means = meansOf(ofSet);
  const best = Object.keys(means).reduce((a, b) => (means[b]! < means[a]! ? b : a));
  return judgement.errors[best]!;
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const share = (items: readonly boolean[]): string => `${items.filter(Boolean).length} of ${items.length}`;
const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const digits = (value: number): string => value.toPrecision(3);

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [line(heads), line(heads.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");

/** All tables there is something for. */
export function tablesOf(findings: readonly Finding[]): string {
  const all = findings.filter((finding) => finding.kind === "judgement");
  const judgements = all.filter(isJudged);
  const failed = all.filter((judgement) => !isJudged(judgement)).map(({ set, seed, by }) => `${set} ${seed} by ${by}`);
  const noticed = findings.filter((finding) => finding.kind === "noticed");
  const forecasts = findings.filter((finding) => finding.kind === "forecast");
  const byRow = judgements.filter(({ by }) => by === "row");
  const byGroup = judgements.filter(({ by }) => by === "group");
  const byCluster = judgements.filter(({ by }) => by === "cluster");
  const cpuSeconds = findings.reduce((sum, finding) => sum + finding.cpuSeconds, 0);
  return [
    ...(byRow.length === 0 ? [] : ["### Rows held back", ...judged(byRow)]),
    ...(byGroup.length === 0 ? [] : ["### Groups held back", ...judged(byGroup)]),
    ...(byCluster.length === 0 ? [] : ["### Clusters held back", ...judged(byCluster)]),
    ...(noticed.length === 0 ? [] : ["### What it notices", noticedTable(noticed)]),
    ...(forecasts.length === 0 ? [] : ["### Twice the rows", forecastTable(forecasts)]),
    ...(failed.length === 0 ? [] : [`No candidate predicted the rows held back of: ${failed.join(", ")}.`]),
    `${Math.round(cpuSeconds)} s of one processor.`,
  ].join("\n\n");
}

function judged(judgements: readonly Judgement[]): string[] {
  const line = (policy: string, { runs, sets }: Regret): string[][] =>
    runs.length === 0
      ? []
      : [
          [
            policy,
            geometricMean(sets).toFixed(3),
            Math.max(...sets).toFixed(2),
            geometricMean(runs).toFixed(3),
            Math.max(...runs).toFixed(2),
            `${sets.length}, ${runs.length}`,
          ],
        ];
  const rows = [
    ...Object.keys(policies).flatMap((policy) =>
      line(
        policy,
        regretOf(judgements, (each) => errorOf(policy, each)),
      ),
    ),
    ...line("each set's best candidate, in hindsight", regretOf(judgements, hindsight)),
  ];
  const ofSets = [...Map.groupBy(judgements, ({ set }) => set)];
  const over = ofSets.flatMap(([set, ofSet]) => {
    const ratio = overRivals(ofSet);
    return ratio === undefined ? [] : [{ set, ratio }];
  });
  const above = over.filter(({ ratio }) => ratio > 1.03).map(({ set, ratio }) => `${set} ${ratio.toFixed(2)}`);
  const ranges = judgements.flatMap((judgement) => (judgement.range === undefined ? [] : [isCovered(judgement)]));
  return [
    table(["policy", "error over the best's, by set", "worst", "by run", "worst", "sets, runs"], rows),
    `Mean errors over the better of Gaussian process and tuned boosting: geometric mean ${geometricMean(over.map(({ ratio }) => ratio)).toFixed(3)}; above 1.03: ${above.length === 0 ? "none" : above.join(", ")}.`,
    `The error on the rows held back lies in the range that the advice states (90 %) in ${share(ranges)} runs.`,
    table(
      [
        "set",
        "seeds",
        "advice",
        "Gaussian process",
        "tuned boosting",
        "best",
        "over best",
        "over better of the two",
        "runs over their best",
        "in its range",
      ],
      ofSets.map(([set, ofSet]) => setRow(set, ofSet)),
    ),
    table(
      ["set", "seed", "rows seen", "advised", "error", "stated range", "best", "its error", "CPU s"],
      judgements.map((each) => {
        const best = Object.keys(each.errors).reduce((a, b) => (each.errors[b]! < each.errors[a]! ? b : a));
        return [
          each.set,
          each.seed,
          each.rows,
          each.advised ?? "nothing",
          digits(advisedError(each)),
          each.range === undefined ? "" : each.range.map(digits).join(" to "),
          best,
          digits(each.errors[best]!),
          Math.round(each.cpuSeconds),
        ];
      }),
    ),
  ];
}

const rivals: readonly string[] = ["Gaussian process", "tuned boosting"];

/** Mean error of the advice over the lesser of those of its rivals; undefined where a set has neither. */
function overRivals(ofSet: readonly Judgement[]): number | undefined {
  const means = meansOf(ofSet);
  const known = rivals.flatMap((name) => means[name] ?? []);
  return known.length === 0 ? undefined : meanOf(ofSet.map(advisedError)) / Math.min(...known);
}

/** Means over the seeds of a set; of the advice with the standard deviation of one seed. */
function setRow(set: string, ofSet: readonly Judgement[]): (string | number)[] {
  const means = meansOf(ofSet);
  const advised = ofSet.map(advisedError);
  const best = Object.keys(means).reduce((a, b) => (means[b]! < means[a]! ? b : a));
  const deviation = Math.sqrt(
    advised.reduce((sum, error) => sum + (error - meanOf(advised)) ** 2, 0) / (advised.length - 1),
  );
  const ratio = overRivals(ofSet);
  return [
    set,
    ofSet.map(({ seed }) => seed).join(" "),
    `${digits(meanOf(advised))}${ofSet.length > 1 ? ` +- ${deviation.toPrecision(2)}` : ""}`,
    ...rivals.map((name) => (means[name] === undefined ? "" : digits(means[name]))),
    `${best} ${digits(means[best]!)}`,
    (meanOf(advised) / means[best]!).toFixed(3),
    ratio === undefined ? "" : ratio.toFixed(3),
    ofSet.map((judgement) => (advisedError(judgement) / leastOf(judgement)).toFixed(2)).join(" "),
    share(ofSet.flatMap((judgement) => (judgement.range === undefined ? [] : [isCovered(judgement)]))),
  ];
}

function isCovered(judgement: Judgement): boolean {
  const [least, most] = judgement.range!;
  const error = advisedError(judgement);
  return least <= error && error <= most;
}

/** Warnings that are alarms: of groups the advisor asks. */
const alarms = ({ warnings }: Noticed): string[] => warnings.filter((kind) => kind !== "groups");

function noticedTable(noticed: readonly Noticed[]): string {
  const bySpoil = Map.groupBy(noticed, ({ spoiled, by }) => (by === "row" ? spoiled : `${spoiled}, ${by}s held back`));
  return table(
    ["table", "deserves", "says so", "says other things", "recommends nothing", "sets"],
    Array.from(bySpoil, ([spoiled, all]) => {
      const others = all.flatMap((each) =>
        alarms(each)
          .filter((kind) => kind !== each.deserved)
          .map((kind) => `${kind} (${each.set})`),
      );
      return [
        spoiled,
        all[0]!.deserved ?? "no warning",
        share(
          all.map((each) =>
            each.deserved === undefined ? alarms(each).length === 0 : each.warnings.includes(each.deserved),
          ),
        ),
        [...new Set(others)].join(", "),
        share(all.map(({ advised }) => advised === undefined)),
        [...new Set(all.map(({ set }) => set))].join(", "),
      ];
    }),
  );
}

function forecastTable(forecasts: readonly Forecast[]): string {
  const off = ({ forecast, measured }: Forecast): number => forecast / measured - 1;
  const rows = forecasts.map((each) => [
    each.set,
    each.seed,
    each.rows,
    each.method,
    digits(each.now),
    digits(each.forecast),
    each.band.map(digits).join(" to "),
    digits(each.measured),
    `${off(each) < 0 ? "" : "+"}${percent(off(each))}`,
  ]);
  const isNear = (ratio: number): boolean => Math.abs(ratio - 1) <= 0.15;
  const near = share(forecasts.map((each) => isNear(1 + off(each))));
  const bySet = [...Map.groupBy(forecasts, ({ set }) => set).values()];
  const nearBySet = share(bySet.map((ofSet) => isNear(geometricMean(ofSet.map((each) => 1 + off(each))))));
  const inBand = share(forecasts.map(({ band, measured }) => band[0] <= measured && measured <= band[1]));
  // What one would be off who knew of each set how much its error falls in the mean, and not how errors scatter.
  const known = bySet.flatMap((ofSet) => {
    const falls = ofSet.map(({ now, measured }) => measured / now);
    return ofSet.length === 1 ? [] : falls.map((fall) => isNear(geometricMean(falls) / fall));
  });
  return [
    table(["set", "seed", "rows seen", "method", "error", "forecast", "band (90 %)", "measured", "off"], rows),
    `Within 15 %: ${near} runs; in the mean over its runs, ${nearBySet} sets. In the band: ${inBand}.`,
    ...(known.length === 0 ? [] : [`Who knew the mean fall of each set would be within 15 % in ${share(known)} runs.`]),
  ].join("\n\n");
}
