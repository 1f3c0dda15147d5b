export { checkVaried, type Finding, type Runs, runsOn } from "./check.ts";
export { type VariedProgram, variedProgram } from "./program.ts";
