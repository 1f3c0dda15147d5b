// Elementwise loops: one nest over a shape, all its nodes evaluated in registers, only what others need written.
import { sizeOf } from "@hooke/runtime";
import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import type { Plan, PointwiseKernel } from "../plan/kernel.ts";
import { collapse, isWhole, pieces, type View } from "../plan/view.ts";
import { Access } from "./access.ts";
import { Body, externalValues, lanesOf } from "./body.ts";
import type { Emitter } from "./emitter.ts";

/** Loops shorter than this call functions instead of expanding them. */
const shortLoop = 32;

/** `body`, `count` times. Arrays that repeat one number may have more elements than 32 bits count. */
export function counted(fn: FunctionBuilder, count: number, body: Code): Code {
  const most = 2 ** 31;
  const repeat = (limit: number, repeated: Code): Code =>
    forLoop({ index: fn.ownLocal("i32"), start: 0, limit }, repeated);
  if (count <= most) return repeat(count, body);
  return [counted(fn, Math.floor(count / most), repeat(most, body)), repeat(count % most, body)];
}

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
    code = [counted(fn, sizes[dimension]!, [code, step]), back];
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
  const body = new Body(emitter, plan, fn, nodes, lanes);
  const offset = fn.local("i32");
  const parts = pieces(nest);
  // Arrays are padded, so a single loop over whole ones may run over their ends.
  const padded =
    parts.length === 1 &&
    nest.sizes.length === 1 &&
    stores.every(({ target }) => {
      const place = plan.places.get(target.root)!;
      return isWhole(target) && !(place.kind === "slot" && place.exact);
    });
  const loops = parts.map(({ sizes, strides, offsets }): Code => {
    const accesses = views.map(
      (view, i) => new Access(emitter, plan, fn, { ...view, offset: view.offset + offsets[i]! }, strides[i]!),
    );
    const readers = accesses.slice(0, reads.length);
    const writers = accesses.slice(reads.length);
    const byView = new Map(reads.map((view, i) => [view, readers[i]!]));
    const inner = sizes.at(-1) ?? 1;
    const scattered = readers.some((access) => ![0, 1].includes(access.strides.at(-1) ?? 0));
    const whole = padded && !scattered ? Math.ceil(inner / lanes) * lanes : Math.floor(inner / lanes) * lanes;
    const vector = (count: number, inline: boolean): Code => {
      const { code, results: locals } = body.evaluate(byView, results, count, offset, inline);
      return [code, writers.map((access, i) => access.store(fn, lanes, count, offset, locals[i]!))];
    };
    const innerCode: Code[] = [readers.map((access) => access.enter(fn, lanes))];
    if (whole > 0) {
      innerCode.push(
        forLoop(
          { index: offset, start: 0, limit: 4 * whole, step: 4 * lanes },
          vector(lanes, sizeOf(shape) >= shortLoop),
        ),
      );
    }
    if (inner > whole) innerCode.push(local.set(offset, i32.const(4 * whole)), vector(inner - whole, false));
    return [accesses.map((access) => access.begin()), outerLoops(fn, sizes.slice(0, -1), accesses, innerCode)];
  });
  fn.emit(body.prologue(), loops);
}
