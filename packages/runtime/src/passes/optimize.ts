// The passes every backend profits from, in order: simplification (with common subexpressions), then dead code.
import type { Program } from "../program.ts";
import { eliminateDeadCode } from "./dead-code.ts";
import { simplify } from "./simplify.ts";

/**
 * An equivalent program with less to do. Loop bodies are optimized too.
 *
 * @param differentiable whether the program is still to be differentiated; default false
 */
export function optimize(program: Program, differentiable = false): Program {
  return eliminateDeadCode(simplify(eliminateDeadCode(program), differentiable));
}
