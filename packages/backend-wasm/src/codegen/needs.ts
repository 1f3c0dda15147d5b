// What convolutions will need for themselves, before arrays have their places: where most arrays are there at one time, room is left for it. How much
// that is follows from code, which is written for once without places, and thrown away.
import type { Lifetime, Plan } from "@hooke/plan";
import type { PrimitiveName } from "@hooke/runtime";
import type { Emitter } from "./emitter.ts";
import { emitRoutine } from "./routines.ts";

/** Other kernels need little. */
const needy: ReadonlySet<PrimitiveName> = new Set(["conv", "convInputGradient", "convKernelGradient"]);
/** Where fewer of the bytes that are there at most are there, there are gaps. */
const crowded = 0.75;
/** Bytes for which there is a gap somewhere. */
const little = 2 ** 16;

/** @param emitter of code that is thrown away */
export function needsOf(plan: Plan, emitter: Emitter, threads: number): Lifetime[] {
  const { kernels, stages } = plan;
  const { layout, module } = emitter;
  const rooms = emitter.rooms!;
  const bytes = bytesByStage(plan);
  const enough = crowded * bytes.reduce((most, each) => Math.max(most, each), 0);
  for (const [i, kernel] of kernels.entries()) {
    const stage = stages[i] ?? i;
    if (kernel.kind !== "routine" || !needy.has(kernel.node.primitive) || bytes[stage]! < enough) continue;
    rooms.inStage(stage, () => {
      emitRoutine(emitter, plan, kernel, module.addFunction([]));
      return [];
    });
  }
  return rooms.needs.flatMap(({ stage, partials, scratch }) =>
    [partials, ...Array.from({ length: threads }, () => scratch).flat()]
      .filter((need) => need >= little)
      .map((need) => {
        const part = layout.part();
        part.reserve(need);
        return { of: undefined, part, from: stage, to: stage };
      }),
  );
}

/** The bytes of arrays that are there in each stage. */
function bytesByStage({ kernels, lifetimes }: Plan): number[] {
  const changes = new Array<number>(kernels.length).fill(0);
  for (const { part, from, to } of lifetimes) {
    if (from < changes.length) changes[from]! += part.bytes;
    if (to + 1 < changes.length) changes[to + 1]! -= part.bytes;
  }
  let now = 0;
  return changes.map((change) => (now += change));
}
