// Mapping random words: a loop over the keys, so that every row has the words of its own key.
import { scanTensors } from "../../ops/scan.ts";
import { apply, type BatchRule, type BatchRules, mapped } from "./rule.ts";

type Keyed = "randomBits" | "foldKey";

const keyByKey: BatchRule<Keyed> = (inputs, node, rows) => {
  const own = inputs.filter((input) => input.mapped);
  const { ys } = scanTensors(
    (_, slices) => ({
      carry: [],
      ys: apply(
        node,
        inputs.map((input) => (input.mapped ? slices[own.indexOf(input)]! : input.tensor)),
      ),
    }),
    [],
    own.map(({ tensor }) => tensor),
    rows,
    { reverse: false },
  );
  return ys.map(mapped);
};

export const keys: BatchRules<Keyed> = { randomBits: keyByKey, foldKey: keyByKey };
