// The generators of the code that not every program needs: a page downloads those of the programs it runs.
import { type PrimitiveName, type Program, sizeOf } from "@hooke/runtime";
import { fewestElements } from "../gemm/problem.ts";
import { type MathFunctions, mathSources } from "../math/functions.ts";
import type { EmitterOptions } from "./emitter.ts";
import { type RoutineGenerators, routineSources } from "./routines.ts";

/** Nodes from which on a program's code is long: it may then repeat itself. */
const longProgram = 500;

/** What the code of one program is generated with, by primitive. */
export interface Generators {
  readonly routines: RoutineGenerators;
  readonly math: MathFunctions;
  /** Absent from programs without loops. */
  readonly scan: typeof import("./scan.ts") | undefined;
  /** Absent from small programs. */
  readonly large: typeof import("../large.ts") | undefined;
  /** Absent from short programs. */
  readonly AlikeLoops: typeof import("./alike.ts").AlikeLoops | undefined;
  /** Absent where vectors stay as they are. */
  readonly wide: typeof import("../wide/index.ts") | undefined;
}

/** Loads what a program needs, all at once. @throws where the engine cannot join vectors */
export async function loadGenerators(program: Program, { fineness, wide: joins }: EmitterOptions): Promise<Generators> {
  const names = primitivesOf(program);
  // The patches of small images may be many.
  const convolves = (["conv", "convInputGradient", "convKernelGradient"] as const).some((name) => names.has(name));
  const [routines, math, scan, large, alike, wide] = await Promise.all([
    load(routineSources, names),
    load(mathSources, names),
    names.has("scan") ? import("./scan.ts") : undefined,
    convolves || isLarge(program, Math.min(1, fineness) * fewestElements) ? import("../large.ts") : undefined,
    program.nodes.length >= longProgram ? import("./alike.ts") : undefined,
    joins ? import("../wide/index.ts") : undefined,
  ]);
  wide?.joinVectors();
  return { routines, math, scan, large, AlikeLoops: alike?.AlikeLoops, wide };
}

/** Whether some array is large, in a program or the bodies of its loops. */
const isLarge = ({ nodes }: Program, least: number): boolean =>
  nodes.some(
    (node) =>
      [...node.inputs, ...node.outputs].some(({ shape }) => sizeOf(shape) >= least) ||
      (node.primitive === "scan" && isLarge(node.params.body, least)),
  );

/** The primitives of a program and of the bodies of its loops. */
function primitivesOf({ nodes }: Program, names: Set<PrimitiveName> = new Set()): ReadonlySet<PrimitiveName> {
  for (const node of nodes) {
    names.add(node.primitive);
    if (node.primitive === "scan") primitivesOf(node.params.body, names);
  }
  return names;
}

async function load<T>(
  sources: { readonly [P in keyof T]: () => Promise<T[P]> },
  names: ReadonlySet<string>,
): Promise<Partial<T>> {
  const needed = Object.entries<() => Promise<unknown>>(sources).filter(([name]) => names.has(name));
  const loaded = await Promise.all(needed.map(async ([name, source]) => [name, await source()]));
  return Object.fromEntries(loaded) as Partial<T>;
}
