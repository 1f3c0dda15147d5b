// Numbers that a thread reduces one after the other.
import type { ReductionKernel } from "@hooke/plan";
import type { DType } from "@hooke/runtime";
import { chain, chains, iterationsFor, levelsFor } from "./chains.ts";
import { literal, type Text } from "./text.ts";

/** What reduces. */
export type Name = ReductionKernel["node"]["primitive"];

/** The better of two, by their order. */
export function better(name: Name, dtype: DType, a: string, b: string): string {
  if (dtype === "bool") return name === "min" ? `(${a} && ${b})` : `(${a} || ${b})`;
  if (dtype === "f32") return `${name === "max" ? "maximumOf" : "minimumOf"}(${a}, ${b})`;
  return `${name}(${a}, ${b})`;
}

/** What nothing is reduced to. */
export function identity(name: Name, dtype: DType): number {
  if (name === "sum") return 0;
  if (dtype === "f32") return name === "max" ? -Infinity : Infinity;
  if (dtype === "i32") return name === "max" ? -(2 ** 31) : 2 ** 31 - 1;
  return name === "max" ? 0 : 2 ** 32 - 1;
}

/**
 * Adds code that reduces numbers `first`, `first + step` and so on, before `end`; the name of the result.
 *
 * @param range with `count`, how many these are at most
 * @param next adds code that finds the number of an index; its name
 */
export function reduceInto(
  text: Text,
  name: Name,
  dtype: DType,
  range: { readonly first: string; readonly step: number; readonly end: string; readonly count: number },
  next: (index: string) => string,
): string {
  const { first, step, end: last, count } = range;
  const index = text.name("k");
  const all = text.name("all");
  text.takes(iterationsFor(count));
  text.add(`var ${index} = ${first};`);
  if (name === "sum" && dtype === "f32") {
    const levels = levelsFor(count);
    const total = chains(all, "0.0f", levels);
    const term = text.apart(() => text.add(`${total.first} += ${next(index)};`));
    const loop = (end: string): string => `for (; ${index} < ${end}; ${index} += ${step}u) {\n${term}\n}`;
    text.add(total.declare);
    if (levels === 1) text.add(loop(last));
    else {
      const [n, end] = [text.name("n"), text.name("end")];
      text.add(
        `for (var ${n} = ${chain}; ${index} < ${last}; ${n} += ${chain}) {`,
        `let ${end} = min(${index} + ${chain * step}u, ${last});`,
        loop(end),
        total.fold(n),
        "}",
      );
    }
    return text.define(total.total);
  }
  const term = text.apart(() => {
    const value = next(index);
    text.add(`${all} = ${name === "sum" ? `${all} + ${value}` : better(name, dtype, all, value)};`);
  });
  text.add(
    `var ${all} = ${literal(dtype, identity(name, dtype))};`,
    `for (; ${index} < ${last}; ${index} += ${step}u) {\n${term}\n}`,
  );
  return all;
}
