// Advice in sentences: what a colleague would say.
import { errorKinds } from "../comparison/metrics.ts";
import { priceInWords } from "../comparison/price.ts";
import type { Advice } from "./advice.ts";

/** What sentences are made of. */
export type AdviceFacts = Omit<
  Advice,
  "candidates" | "sentences" | "fit" | "explain" | "report" | "markdown" | "toJSON"
>;

const digits = (value: number): string => (Number.isFinite(value) ? Number(value.toPrecision(3)).toString() : "-");
const percent = (share: number): string => `${Math.round(100 * share)} %`;
const withUnit = (value: number, unit: string | undefined): string =>
  `${digits(value)}${unit === undefined ? "" : ` ${unit}`}`;

export function sentencesOf(facts: AdviceFacts): string[] {
  return [
    ...verdictOf(facts),
    ...tieOf(facts),
    ...readableOf(facts),
    ruleOf(facts),
    ...floorOf(facts),
    ...elsewhereOf(facts),
    ...moreOf(facts),
  ];
}

function verdictOf({ recommended, target, unit, comparison, signal }: AdviceFacts): string[] {
  const { text } = errorKinds[comparison.error];
  if (recommended === undefined) {
    return signal.found
      ? [`A known law predicts "${target}" as well as any method: use the law.`]
      : [
          `Nothing predicts "${target}" better than guessing does, beyond chance: more or other inputs are needed, not another method.`,
        ];
  }
  const { method, error, standardError, range, skill, split, because } = recommended;
  const spread = Number.isFinite(standardError) ? ` +- ${digits(standardError)}` : "";
  return [
    `Use ${method}: ${text} ${digits(error)}${spread}${unit === undefined ? "" : ` ${unit}`} ${split}, ${percent(skill)} less than guessing. ${because}`,
    ...(Number.isFinite(range[1])
      ? [`On new rows of this kind expect ${withUnit(range[0], unit)} to ${withUnit(range[1], unit)}.`]
      : []),
  ];
}

function tieOf({ tie, comparison }: AdviceFacts): string[] {
  if (tie.length < 2) return [];
  const [best] = comparison.methods;
  return [`Not told apart from the best (${best!.method}): ${tie.slice(1).join(", ")}.`];
}

function readableOf({ readable, recommended }: AdviceFacts): string[] {
  if (readable === undefined || recommended === undefined || recommended.readable) return [];
  if (readable.price === 0)
    return [`Of all that was measured one that can be read had the least error: ${readable.method}.`];
  return [`A model that can be read costs ${priceInWords(readable.price)} (${readable.method}).`];
}

function ruleOf({ rule, recommended, comparison }: AdviceFacts): string {
  const said = `A textbook's rule ("${rule.scenario}") says ${rule.recommends.join(" or ")}`;
  if (recommended !== undefined && rule.recommends.includes(recommended.method))
    return `${said}, and measurement agrees.`;
  const errors = comparison.methods.filter(({ method }) => rule.recommends.includes(method)).map(({ price }) => price);
  return errors.length === 0
    ? `${said}.`
    : `${said}; measured here, that costs ${priceInWords(Math.min(...errors))}, beside the best.`;
}

function floorOf({ signal, unit, recommended }: AdviceFacts): string[] {
  const { noiseFloor } = signal;
  // Few rows that repeat may scatter by more than all others do.
  if (noiseFloor === undefined || recommended === undefined || noiseFloor.rmse > recommended.error) return [];
  return [
    `${noiseFloor.rows} rows repeat the inputs of others and scatter by ${withUnit(noiseFloor.rmse, unit)}: no method gets below that.`,
  ];
}

function elsewhereOf({ elsewhere, recommended, unit }: AdviceFacts): string[] {
  const own = elsewhere.filter(({ method }) => method === recommended?.method);
  return own.map(({ split, error, skill }) => {
    const rival = elsewhere.filter((each) => each.split === split).reduce((a, b) => (b.error < a.error ? b : a));
    const better =
      rival.error < 0.97 * error ? `; there ${rival.method} is better, ${withUnit(rival.error, unit)}` : "";
    return `Asked ${split}, its error is ${withUnit(error, unit)}${skill < 0.02 ? ", no better than guessing" : ""}${better}.`;
  });
}

/** Rows beyond which their number says nothing. */
const hardlyHad = 100_000;

function moreOf({ moreData, unit, record }: AdviceFacts): string[] {
  if (moreData === undefined) return [];
  const { rowsForTenthLess, atTwice } = moreData;
  // Where groups are held back whole, what was measured is what more groups bring.
  const isGrouped = record.split.kind === "grouped";
  const rows =
    record.measuredRows < record.rows
      ? `twice the ${record.measuredRows} rows that were measured on`
      : "twice the rows";
  const twice = `With ${rows}${isGrouped ? ", the second half of new groups," : ""} expect ${withUnit(atTwice.error, unit)} (${digits(atTwice.band[0])} to ${digits(atTwice.band[1])})`;
  const more = isGrouped ? "more rows of new groups" : "more rows";
  if (Number.isFinite(rowsForTenthLess.rows) && rowsForTenthLess.rows > hardlyHad)
    return [`${twice}; a tenth less error would take over ${hardlyHad} ${more}.`];
  return Number.isFinite(rowsForTenthLess.rows)
    ? [`${twice}; a tenth less error takes about ${rowsForTenthLess.rows} ${more}.`]
    : [`${twice}: ${more}${isGrouped ? "" : " of this kind"} bring no tenth less.`];
}
