// What a method chose of all rows, for parts of them: kept, which is quick, or where it begins to choose anew, which does not know the rows left out.
import type { Method } from "./method.ts";
import type { State } from "./state.ts";

/** The method with what it chose kept. */
export const settledFrom = (method: Method, state: State): Method => method.settled?.(state) ?? method;

/** The method that chooses anew, from what it chose, where that is quick; kept where it is not. */
export const resumedFrom = (method: Method, state: State): Method =>
  method.resumed?.(state) ?? settledFrom(method, state);
