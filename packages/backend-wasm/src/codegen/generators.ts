// The generators of the code that not every program needs: a page downloads those of the programs it runs.
import type { PrimitiveName, Program } from "@hooke/runtime";
import { type MathFunction, mathSources } from "../math/functions.ts";
import { type RoutineGenerator, routineSources } from "./routines.ts";

/** What the code of one program is generated with, by primitive. */
export interface Generators {
  readonly routines: ReadonlyMap<string, RoutineGenerator>;
  readonly math: ReadonlyMap<string, MathFunction>;
}

/** Loads what a program needs, all at once. */
export async function loadGenerators(program: Program): Promise<Generators> {
  const names = primitivesOf(program);
  const [routines, math] = await Promise.all([
    load<RoutineGenerator>(routineSources, names),
    load<MathFunction>(mathSources, names),
  ]);
  return { routines, math };
}

/** The primitives of a program and of the bodies of its loops. */
function primitivesOf({ nodes }: Program, names: Set<PrimitiveName> = new Set()): ReadonlySet<PrimitiveName> {
  for (const node of nodes) {
    names.add(node.primitive);
    if (node.primitive === "scan") primitivesOf(node.params.body, names);
  }
  return names;
}

async function load<T>(
  sources: Readonly<Record<string, () => Promise<T>>>,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, T>> {
  const needed = Object.entries(sources).filter(([name]) => names.has(name));
  return new Map(await Promise.all(needed.map(async ([name, source]) => [name, await source()] as const)));
}
