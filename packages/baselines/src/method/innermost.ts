// Out of methods that choose or bound another one: that one, which predicts.
import { checkArgument } from "@hooke/runtime";
import type { ConformalOptions, ConformalState } from "../conformal/conformal.ts";
import type { TunedOptions, TunedState } from "../tuning/tuned.ts";
import { isMethod } from "./define-method.ts";
import { withPredict } from "./fitted.ts";
import type { Fitted, Method } from "./method.ts";
import type { State } from "./state.ts";

/**
 * The fitted method that predicts, out of `conformal` and `tuned`: it says the same of every row, and is what can be explained.
 *
 * @returns what it was given, where nothing is around it
 * @example
 * ```ts
 * import { conformal, innermost, ridge } from "@hooke/baselines";
 * import { tableOf } from "@hooke/data";
 *
 * const load = Array.from({ length: 20 }, (_, i) => i);
 * const fitted = await conformal({ method: ridge() }).fit(tableOf({ load, strain: load.map((x) => 2 * x) }), "strain");
 * console.log(innermost(fitted).method.method); // ridge
 * ```
 */
export function innermost(fitted: Fitted): Fitted {
  checkArgument("innermost", "the fitted method", fitted, (value) =>
    isMethod((value as Partial<Fitted> | null)?.method)
      ? undefined
      : "a fitted method, such as await ridge().fit(table, target) gives",
  );
  const inside = (method: Method, state: State): Fitted => {
    const { predict: _, ...facts } = fitted;
    return innermost(withPredict({ ...facts, method, state }));
  };
  const { method, options } = fitted.method;
  if (method === "conformal") {
    return inside((options as unknown as ConformalOptions).method, (fitted.state as ConformalState).whole);
  }
  if (method === "tuned") {
    const { chosen, state } = fitted.state as unknown as TunedState;
    return inside((options as unknown as TunedOptions).among[chosen]!, state);
  }
  return fitted;
}
