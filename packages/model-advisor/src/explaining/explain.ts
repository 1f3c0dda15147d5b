// Explaining: what is exact by the kind of method, then what can be asked of any.
import {
  accumulatedEffects,
  coefficientIntervals,
  coefficients,
  type Fitted,
  innermost,
  lengthScales,
  permutationImportance,
  rowWeights,
  sentences,
  treeShap,
} from "@hooke/baselines";
import { columnNames, type Table, tableCheck, takeTableRows } from "@hooke/data";
import { checkArgument, checkOptions, checks } from "@hooke/runtime";
import { sharedChecks } from "../comparison/compare.ts";
import type { ExplainOptions, Explanation, ExplanationFacts, MeanShare, OwnWords } from "./explanation.ts";
import { explanationMarkdown } from "./explanation-markdown.ts";
import { figuresOf } from "./figures.ts";
import { kernelShares } from "./kernel-shares.ts";
import { explanationSentences } from "./words.ts";

/** Inputs whose effects are followed, of many the most important ones. */
const mostEffects = 12;
/** Of the most important inputs: all pairs of them. */
const paired = 3;
/** Rows whose TreeSHAP values are averaged. */
const mostShapRows = 300;

/**
 * Says what a fitted method has learned. What is exact by its kind: coefficients in the table's units with bootstrap intervals and how often each term is selected, mean
 * shares of the inputs by TreeSHAP, or length scales; of other methods with up to 30 inputs shares by Kernel SHAP. And what can be asked of any method: what inputs are worth on rows held back, those that say the same together
 * (`permutationImportance`), and how predictions change with each (`accumulatedEffects`).
 *
 * @param fitted a fitted method; out of `conformal` and `tuned` the one inside
 * @param table its table, with the target; other rows are explained too, but without intervals of coefficients, and without the target no importance
 * @throws on tables without its inputs; the signal's reason
 * @example
 * ```ts
 * import { ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 * import { explain } from "@hooke/model-advisor";
 *
 * const cement = Array.from({ length: 40 }, (_, i) => 200 + ((i * 7) % 40) * 5);
 * const age = Array.from({ length: 40 }, (_, i) => 1 + ((i * 11) % 28));
 * const strength = cement.map((c, i) => 5 + 0.1 * c + 0.2 * age[i]! + ((i % 5) - 2));
 * const table = tableOf({ cement, age, strength }, { units: { cement: "kg/m3", age: "d", strength: "MPa" } });
 * const why = await explain(await ridge().fit(table, "strength"), table);
 * console.log(why.own!.kind, why.importance!.groups[0]!.inputs); // coefficients [ 'cement' ]
 * console.log(why.sentences()[0]!.startsWith("strength rises by 5")); // true
 * ```
 */
export async function explain(fitted: Fitted, table: Table, options: ExplainOptions = {}): Promise<Explanation> {
  const who = "explain";
  const inner = innermost(fitted);
  checkArgument(who, "the table", table, tableCheck);
  checkOptions<ExplainOptions>(who, options, {
    optional: {
      groups: sharedChecks.groups,
      weights: rowWeights,
      repeats: checks.count,
      level: checks.betweenZeroAndOne,
      seed: sharedChecks.seed,
      backend: sharedChecks.backend,
      signal: sharedChecks.signal,
      onProgress: sharedChecks.onProgress,
    },
  });
  const { repeats = 100, level = 0.95, groups, weights, seed = 0, backend, signal, onProgress } = options;
  const part = (from: number, to: number) => ({
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: ({ fraction, text }: { readonly fraction: number; readonly text: string }) =>
        onProgress({ fraction: from + (to - from) * fraction, text }),
    }),
  });
  const rows = { ...(groups !== undefined && { groups }), ...(weights && { weights }), level, seed };
  const own = await ownWords(inner, table, { ...rows, repeats, ...part(0, 0.3) });
  const hasTarget = columnNames(table).includes(inner.target.name);
  const importance = hasTarget
    ? await permutationImportance(inner, table, { ...rows, ...(backend && { backend }), ...part(0.3, 0.7) })
    : undefined;
  const inputs = (importance?.groups.flatMap((group) => group.inputs) ?? inner.inputs.map(({ name }) => name)).slice(
    0,
    mostEffects,
  );
  const first = inputs.slice(0, paired);
  const pairs = first.flatMap((a, i) => first.slice(i + 1).map((b) => [a, b] as const));
  const effects = await accumulatedEffects(inner, table, { ...rows, inputs, pairs, repeats, ...part(0.7, 1) });
  const { target } = inner;
  return explanationOf({
    method: inner.method.method,
    target: target.name,
    ...(target.type === "number" && target.unit !== undefined && { unit: target.unit }),
    level,
    ...(own && { own }),
    ...(importance && { importance }),
    effects,
  });
}

function explanationOf(facts: ExplanationFacts): Explanation {
  const words = (): string[] => explanationSentences(facts);
  const title = `What ${facts.method} says of ${facts.target}`;
  return {
    ...facts,
    sentences: words,
    figures: () => figuresOf(facts),
    report: () => ({
      title,
      summary: [
        { label: "Method", value: facts.method },
        { label: "Target", value: facts.unit === undefined ? facts.target : `${facts.target} (${facts.unit})` },
      ],
      figures: figuresOf(facts),
      details: [{ title: "In words", rows: words().map((text, i) => ({ label: `${i + 1}`, value: text })) }],
    }),
    markdown: () => explanationMarkdown(title, facts),
    toJSON: () => ({ ...facts, effects: plain(facts.effects), sentences: words() }),
  };
}

/** With lists in the place of typed arrays, which JSON would make records of. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

type OwnOptions = Pick<ExplainOptions, "groups" | "weights" | "repeats" | "level" | "seed" | "signal" | "onProgress">;

/** What is exact by the kind of method; of others, shares that are estimated. */
async function ownWords(fitted: Fitted, table: Table, options: OwnOptions): Promise<OwnWords | undefined> {
  const { signal, onProgress } = options;
  switch (fitted.method.method) {
    case "ridge":
    case "quadraticRidge":
    case "lasso":
    case "elasticNet":
    case "logistic": {
      const isItsTable = table.rowCount === fitted.rowCount && columnNames(table).includes(fitted.target.name);
      if (!isItsTable) return { kind: "coefficients", sums: coefficients(fitted), words: sentences(fitted) };
      const sums = await coefficientIntervals(fitted, table, options);
      return { kind: "coefficients", sums, words: sentences(fitted, sums) };
    }
    case "randomForest":
    case "gradientBoosting": {
      const some = thinned(table);
      const shap = await treeShap(fitted, some, { ...(signal && { signal }), ...(onProgress && { onProgress }) });
      return { kind: "shares", by: "TreeSHAP", shares: meanShares(shap), rows: some.rowCount };
    }
    case "gaussianProcess":
      return { kind: "length scales", scales: lengthScales(fitted) };
    default:
      return kernelShares(fitted, table, options);
  }
}

/** Evenly spaced rows of many. */
function thinned(table: Table): Table {
  const step = Math.ceil(table.rowCount / mostShapRows);
  if (step <= 1) return table;
  return takeTableRows(
    table,
    Array.from({ length: Math.ceil(table.rowCount / step) }, (_, i) => i * step),
  );
}

/** By output, the largest first. */
function meanShares({ inputs, outputs, values }: Awaited<ReturnType<typeof treeShap>>): MeanShare[] {
  const rows = values.length / (outputs.length * inputs.length);
  return outputs.flatMap((output, o) =>
    inputs
      .map((input, i): MeanShare => {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          sum += Math.abs(values[(row * outputs.length + o) * inputs.length + i]!);
        }
        return { output, input, share: sum / rows };
      })
      .sort((a, b) => b.share - a.share),
  );
}
