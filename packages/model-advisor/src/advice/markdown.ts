// Advice as Markdown.
import { digitsText } from "../comparison/digits.ts";
import { errorKinds } from "../comparison/metrics.ts";
import { priceText } from "../comparison/price.ts";
import { type AdviceFacts, sentencesOf } from "./sentences.ts";

const cell = (value: number, digits = 4): string => (Number.isFinite(value) ? digitsText(value, digits) : "");

export function markdownOf(facts: AdviceFacts): string {
  const { target, unit, comparison, warnings, assumptions, untried, record } = facts;
  const error = `${errorKinds[comparison.error].text}${unit === undefined ? "" : ` (${unit})`}`;
  return [
    `# Which method fits ${target}`,
    sentencesOf(facts)
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
    ...(warnings.length === 0 ? [] : ["## Warnings", warnings.map(({ text }) => `- ${text}`).join("\n")]),
    "## Measured",
    [
      `| method | ${error} | +- | skill | more than the least |`,
      "| --- | ---: | ---: | ---: | ---: |",
      ...comparison.methods.map(
        (each) =>
          `| ${each.method} | ${cell(each.error)} | ${cell(each.standardError, 2)} | ${each.skill.toFixed(2)} | ${priceText(each.price)} |`,
      ),
    ].join("\n"),
    ...(assumptions.length === 0
      ? []
      : [
          "## Taken for granted",
          assumptions
            .map(({ what, because, overrule }) => `- ${what}, because ${because} (overrule: ${overrule})`)
            .join("\n"),
        ]),
    ...(untried.length === 0
      ? []
      : ["## Not tried", untried.map(({ method, because }) => `- ${method}: ${because}`).join("\n")]),
    `Version ${record.version}, seed ${record.seed}, ${record.rows} rows, inputs ${record.inputs.join(", ")}.`,
  ].join("\n\n");
}
