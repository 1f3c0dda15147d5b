// Dummy: the mean, or the shares of the classes, whatever the inputs. What every method has to beat.
import { defineMethod } from "../method/define-method.ts";
import { forms } from "../method/form.ts";

/** Predicts the mean of the targets, or how often each class came, weighted as the rows are. It looks at no input. */
export const dummy = /* @__PURE__ */ defineMethod({
  name: "dummy",
  tasks: ["regression", "classification"],
  options: {},
  learn: async ({ target, weights, rowCount }) => {
    const isNumber = target.type === "number";
    const sums = new Float64Array(isNumber ? 1 : target.classes.length);
    let total = 0;
    for (let row = 0; row < rowCount; row++) {
      const weight = weights?.[row] ?? 1;
      total += weight;
      if (isNumber) sums[0]! += weight * target.values[row]!;
      else sums[target.values[row]!]! += weight;
    }
    return { outputs: sums.map((sum) => sum / total) };
  },
  form: () => forms.record({ outputs: forms.f64 }),
  predict: ({ outputs }: { readonly outputs: Float64Array }, { rowCount }) =>
    Float64Array.from({ length: rowCount * outputs.length }, (_, i) => outputs[i % outputs.length]!),
});
