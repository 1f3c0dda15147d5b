// Explanations as Markdown.

import type { CertainCoefficient } from "@hooke/baselines";
import { digitsText } from "../comparison/digits.ts";
import type { ExplanationFacts } from "./explanation.ts";
import { explanationSentences } from "./words.ts";

const cell = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? "" : digitsText(value, 4);

export function explanationMarkdown(title: string, facts: ExplanationFacts): string {
  return [
    `# ${title}`,
    explanationSentences(facts)
      .map((sentence) => `- ${sentence}`)
      .join("\n"),
    ...ownTable(facts),
    ...importanceTable(facts),
  ].join("\n\n");
}

function ownTable({ own }: ExplanationFacts): string[] {
  switch (own?.kind) {
    case "coefficients":
      return [
        "## Coefficients",
        table(
          ["of", "term", "coefficient", "from", "to", "unit", "selected"],
          own.sums.flatMap(({ output, intercept, terms }) => [
            [output, "intercept", cell(intercept), "", "", "", ""],
            ...terms.map((term) => {
              const { lower, upper, selected } = term as Partial<CertainCoefficient>;
              return [output, term.term, cell(term.value), cell(lower), cell(upper), term.unit ?? "", cell(selected)];
            }),
          ]),
        ),
      ];
    case "shares":
      return [
        "## Mean shares of predictions",
        table(
          ["of", "input", "mean share"],
          own.shares.map((each) => [each.output, each.input, cell(each.share)]),
        ),
      ];
    case "length scales":
      return [
        "## Length scales",
        table(
          ["input", "length scale", "unit", "in deviations"],
          own.scales.map((each) => [each.input, cell(each.lengthScale), each.unit ?? "", cell(each.deviations)]),
        ),
      ];
    default:
      return [];
  }
}

function importanceTable({ importance, unit }: ExplanationFacts): string[] {
  if (importance === undefined) return [];
  const rise = unit === undefined ? "rise of the error" : `rise of the error (${unit})`;
  return [
    "## What inputs are worth",
    table(
      ["shuffled", rise, "from", "to"],
      importance.groups.map((each) => [each.inputs.join(", "), cell(each.value), cell(each.lower), cell(each.upper)]),
    ),
  ];
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
