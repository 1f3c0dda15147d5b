// Elementwise loops: one nest over a shape, all its nodes evaluated in registers, only what others need written.
import { sizeOf } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { PointwiseKernel } from "../plan/kernel.ts";
import type { Plan } from "../plan/plan.ts";
import { collapse, isWhole, type View } from "../plan/view.ts";
import { Access } from "./access.ts";
import { Body, externalValues, lanesOf } from "./body.ts";
import type { Emitter } from "./emitter.ts";

/** Loops shorter than this call functions instead of expanding them. */
const shortLoop = 32;

/** Nested counted loops around `body`; `accesses` move along. */
export function outerLoops(
  fn: FunctionBuilder,
  sizes: readonly number[],
  accesses: readonly Access[],
  body: Code,
  from = 0,
): Code {
  let code = body;
  for (let dimension = sizes.length - 1; dimension >= 0; dimension--) {
    const at = dimension + from;
    const step = accesses.map((access) => access.advance(at, 1));
    const back = accesses.map((access) => access.advance(at, -sizes[dimension]!));
    const index = fn.ownLocal("i32");
    code = [forLoop({ index, start: 0, limit: sizes[dimension]! }, [code, step]), back];
  }
  return code;
}

export function emitPointwise(emitter: Emitter, plan: Plan, kernel: PointwiseKernel, fn: FunctionBuilder): void {
  const { shape, nodes, stores } = kernel;
  if (sizeOf(shape) === 0 || stores.length === 0) return;
  const results = stores.map(({ value }) => value);
  const externals = externalValues(plan, nodes, results);
  const reads = [...new Set(externals.map((value) => plan.views.get(value)!))];
  const views: View[] = [...reads, ...stores.map(({ target }) => target)];
  const nest = collapse(
    shape,
    views.map(({ strides }) => strides),
  );
  const lanes = lanesOf([
    ...views.map(({ root }) => root.dtype),
    ...nodes.flatMap(({ outputs }) => outputs.map(({ dtype }) => dtype)),
  ]);
  const accesses = views.map((view, i) => new Access(emitter, plan, fn, view, nest.strides[i]!));
  const readAccess = new Map(reads.map((view, i) => [view, accesses[i]!]));
  const writeAccess = accesses.slice(reads.length);
  const body = new Body(emitter, plan, fn, nodes, lanes);

  const inner = nest.sizes.at(-1) ?? 1;
  // Arrays are padded, so a single loop over whole ones may run over their ends.
  const padded =
    nest.sizes.length === 1 &&
    stores.every(({ target }) => {
      const place = plan.places.get(target.root)!;
      return isWhole(target) && !(place.kind === "slot" && place.exact);
    });
  const readsScattered = reads.some((_, i) => ![0, 1].includes(nest.strides[i]!.at(-1) ?? 0));
  const runOver = padded && !readsScattered;
  const whole = runOver ? Math.ceil(inner / lanes) * lanes : Math.floor(inner / lanes) * lanes;
  const offset = fn.local("i32");
  const vector = (count: number, inline: boolean): Code => {
    const { code, results: locals } = body.evaluate(readAccess, results, count, offset, inline);
    return [code, writeAccess.map((access, i) => access.store(fn, lanes, count, offset, locals[i]!))];
  };
  const innerCode: Code[] = [reads.map((view) => readAccess.get(view)!.enter(fn, lanes))];
  if (whole > 0) {
    innerCode.push(
      forLoop(
        { index: offset, start: 0, limit: 4 * whole, step: 4 * lanes },
        vector(lanes, sizeOf(shape) >= shortLoop),
      ),
    );
  }
  if (inner > whole) innerCode.push(local.set(offset, i32.const(4 * whole)), vector(inner - whole, false));
  const loops = outerLoops(fn, nest.sizes.slice(0, -1), accesses, innerCode);
  fn.emit(
    accesses.map((access) => access.begin()),
    body.prologue(),
    loops,
  );
}
