// Reductions of f32 by workgroups, as GPUs like them: each thread reduces some numbers of a result, then halves of the group meet in its memory.
// How many threads share a result follows from shapes: the same bits in every run, whatever a device's subgroups are.
import { better, type Name } from "./accumulate.ts";
import type { Text } from "./text.ts";

/** Numbers that a thread reduces by itself, about. */
const own = 16;
/** Groups that keep a GPU busy. */
const manyGroups = 1024;
/** Results of so many numbers, and more, are made by groups, unless there are so many that a thread for each is enough. */
const [shortest, manyResults] = [64, 2 ** 14];

/** How a group works. */
export interface Groups {
  /** Neighbouring results that a group makes, and threads for each: powers of two. */
  readonly across: number;
  readonly lanes: number;
  /** In how many parts each result is made, by a group each. */
  readonly parts: number;
}

/**
 * The groups for some results of so many numbers; undefined where threads do.
 *
 * @param isInRows whether the numbers of a result lie side by side; otherwise those of neighbouring results do
 */
export function groupsFor(results: number, length: number, isInRows: boolean): Groups | undefined {
  if (length < shortest || results >= manyResults) return undefined;
  const across = isInRows || results < 16 ? 1 : 16;
  const threads = length * across >= 4096 ? 256 : 64;
  const lanes = threads / across;
  const wanted = Math.ceil(manyGroups / Math.ceil(results / across));
  return { across, lanes, parts: Math.max(1, Math.min(Math.ceil(length / (lanes * own)), wanted)) };
}

/** Adds code that reduces what the threads of a group have, `local` being lane times results across; the name of the result, in the first threads. */
export function reduceInGroup(text: Text, name: Name, { across, lanes }: Groups, value: string): string {
  const shared = text.share(across * lanes);
  // A vector each: writing one component may write the others.
  const at = (place: string): string => `${shared}[${place}]`;
  text.add(`${at("local")} = vec4<f32>(${value});`);
  for (let half = (across * lanes) / 2; half >= across; half /= 2) {
    const [mine, other] = [`${at("local")}[0u]`, `${at(`local + ${half}u`)}[0u]`];
    const both = name === "sum" ? `${mine} + ${other}` : better(name, "f32", mine, other);
    text.add("workgroupBarrier();", `if (local < ${half}u) { ${at("local")} = vec4<f32>(${both}); }`);
  }
  return `${at("local")}[0u]`;
}
