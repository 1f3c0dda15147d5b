// Mistakes are refused by a message that says which layer speaks.
import { isLayer, type Layer, sequential, summary } from "@hooke/core";
import { HookeError, lookUp } from "@hooke/runtime";
import { type LayerCase, type LayerCheck, specOf } from "../case.ts";

/** Ranks of rows that are tried. */
const ranks = [0, 1, 2, 3, 4, 5];

/** An option that there is not, and rows with too few or too many axes; rows with an allowed number are taken. */
export const refusals: LayerCheck = async (entry, { plugins }) => {
  const { type, config } = entry.layer;
  const construct = lookUp(plugins, "layers", type) as (config: unknown) => Layer;
  const isRecord = typeof config === "object" && config !== null && !Array.isArray(config) && !isLayer(config);
  const wrong = { ...(isRecord && config), noSuchOption: 1 };
  const problems = refusal("the option noSuchOption", isRecord ? [type, "noSuchOption"] : [type], () =>
    construct(wrong),
  );
  const input = specOf(entry.input);
  const { from, to = Number.POSITIVE_INFINITY } = entry.ranks ?? { from: input.shape.length, to: input.shape.length };
  for (const rank of ranks) {
    const shape = shapeOf(entry, rank);
    const infer = () => summary(sequential({ checked: entry.layer }), { ...input, shape });
    const what = `an input [batch${shape.map((size) => `, ${size}`).join("")}]`;
    if (rank < from || rank > to) problems.push(...refusal(what, ["checked"], infer));
    else infer();
  }
  return problems;
};

/** The row of a case with axes taken from its front or added there. */
function shapeOf({ input }: LayerCase, rank: number): readonly number[] {
  const { shape } = specOf(input);
  const missing = rank - shape.length;
  if (missing <= 0) return shape.slice(-missing);
  return [...Array.from({ length: missing }, () => shape[0] ?? 2), ...shape];
}

function refusal(what: string, names: readonly string[], fn: () => unknown): string[] {
  try {
    fn();
  } catch (error) {
    const { message } = error as Error;
    const missing = names.filter((name) => !message.includes(name));
    if (error instanceof HookeError && missing.length === 0) return [];
    const lacks = missing.length > 0 ? ` without the name ${missing.join(" and ")}` : "";
    return [`${what} is refused by ${error instanceof HookeError ? "a message" : "a crash"}${lacks}: ${message}`];
  }
  return [`${what} is taken`];
}
