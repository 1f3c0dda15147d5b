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

/** Of a policy: its error over that of the best candidate; undefined where it is no candidate. */
function regretOf(policy: string, judgement: Judgement): number | undefined {
  const error = judgement.errors[policies[policy]!(judgement) ?? ""];
  return error === undefined ? undefined : error / Math.min(...Object.values(judgement.errors));
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const share = (items: readonly boolean[]): string => `${items.filter(Boolean).length} of ${items.length}`;
const line = (cells: readonly (string | number)[]): string => `| ${cells.join(" | ")} |`;
const digits = (value: number): string => value.toPrecision(3);

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [line(heads), line(heads.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");

/** All tables there is something for. */
export function tablesOf(findings: readonly Finding[]): string {
  const judgements = findings.filter((finding) => finding.kind === "judgement");
  const noticed = findings.filter((finding) => finding.kind === "noticed");
  const forecasts = findings.filter((finding) => finding.kind === "forecast");
  const byRow = judgements.filter(({ by }) => by === "row");
  const byGroup = judgements.filter(({ by }) => by === "group");
  const cpuSeconds = findings.reduce((sum, finding) => sum + finding.cpuSeconds, 0);
  return [
    ...(byRow.length === 0 ? [] : ["### Rows held back", ...judged(byRow)]),
    ...(byGroup.length === 0 ? [] : ["### Groups held back", ...judged(byGroup)]),
    ...(noticed.length === 0 ? [] : ["### What it notices", noticedTable(noticed)]),
    ...(forecasts.length === 0 ? [] : ["### Twice the rows", forecastTable(forecasts)]),
    `${Math.round(cpuSeconds)} s of one processor.`,
  ].join("\n\n");
}

function judged(judgements: readonly Judgement[]): string[] {
  const rows = Object.keys(policies).flatMap((policy) => {
    const regrets = judgements.flatMap((judgement) => regretOf(policy, judgement) ?? []);
    if (regrets.length === 0) return [];
    const logs = regrets.map(Math.log);
    const mean = Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length);
    return [[policy, mean.toFixed(3), Math.max(...regrets).toFixed(2), regrets.length]];
  });
  const ranges = judgements.flatMap((judgement) => (judgement.range === undefined ? [] : [isCovered(judgement)]));
  return [
    table(["policy", "error over the best candidate's, geometric mean", "worst", "runs"], rows),
    `The error on the rows held back lies in the range that the advice states (90 %) in ${share(ranges)} runs.`,
    table(
      ["set", "seed", "rows seen", "advised", "error", "stated range", "best", "its error", "CPU s"],
      judgements.map((each) => {
        const best = Object.keys(each.errors).reduce((a, b) => (each.errors[b]! < each.errors[a]! ? b : a));
        return [
          each.set,
          each.seed,
          each.rows,
          each.advised ?? "nothing",
          digits(each.errors[each.advised ?? "dummy"]!),
          each.range === undefined ? "" : each.range.map(digits).join(" to "),
          best,
          digits(each.errors[best]!),
          Math.round(each.cpuSeconds),
        ];
      }),
    ),
  ];
}

function isCovered({ range, advised, errors }: Judgement): boolean {
  const error = errors[advised!]!;
  return range![0] <= error && error <= range![1];
}

/** Warnings that are alarms: of groups the advisor asks. */
const alarms = ({ warnings }: Noticed): string[] => warnings.filter((kind) => kind !== "groups");

function noticedTable(noticed: readonly Noticed[]): string {
  const bySpoil = Map.groupBy(noticed, ({ spoiled }) => spoiled);
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
  const near = share(forecasts.map((each) => Math.abs(off(each)) <= 0.15));
  return [
    table(["set", "seed", "rows seen", "method", "error", "forecast", "band (90 %)", "measured", "off"], rows),
    `Within 15 %: ${near}.`,
  ].join("\n\n");
}
