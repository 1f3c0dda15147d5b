// What one runs before a commit: format, lint, imports and types, in two lanes for two processors.
import { checks, printOutcomes, runLane } from "./steps.ts";

const isLong = (name: string): boolean => name === "types";
const lanes = [checks.filter(({ name }) => isLong(name)), checks.filter(({ name }) => !isLong(name))];
const outcomes = (await Promise.all(lanes.map(runLane))).flat();
printOutcomes(outcomes);
process.exitCode = outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
