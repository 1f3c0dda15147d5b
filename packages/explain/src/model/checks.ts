// What explanations take alike: models, where they run, what is explained.
import { type Fitted, isMethod } from "@hooke/baselines";
import { trainedModelCheck } from "@hooke/core";
import { type Check, checkArgument, checks, fail } from "@hooke/runtime";
import { outputCheck } from "./output.ts";
import { extrasCheck } from "./rows.ts";

/** Whether a model is a fitted method. */
export const isFitted = (model: unknown): model is Fitted =>
  isMethod((model as { readonly method?: unknown } | null | undefined)?.method);

/** @throws on what is no network: with the cure, where it is a fitted method or a function */
export function checkNetwork(who: string, model: unknown): void {
  if (isFitted(model)) {
    const cure = "permutationImportance, exactShapley and kernelShapley ask for predictions alone";
    fail(who, `received the fitted method "${model.method.method}", which has no gradients; ${cure}.`, "unsupported");
  }
  if (typeof model === "function") {
    fail(
      who,
      "received a function of arrays, which has no gradients; occlusion, exactShapley and kernelShapley ask for predictions alone.",
      "unsupported",
    );
  }
  checkArgument(who, "the model", model, trainedModelCheck);
}

export const listenerCheck: Check = (value) => (typeof value === "function" ? undefined : "a function");

/** Options that all explanations of networks have. */
export const runChecks = {
  output: outputCheck,
  extras: extrasCheck,
  batchSize: checks.count,
  signal: checks.signal,
} as const;
