// Elementwise loops: one nest over a shape, all its nodes evaluated in registers, only what others need written.
import { collapse, externalValues, isWhole, type Nest, type Plan, type PointwiseKernel, type View } from "@hooke/plan";
import { sizeOf } from "@hooke/runtime";
import { least } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, when } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { Access } from "./access.ts";
import { Body, lanesOf } from "./body.ts";
import type { Emitter } from "./emitter.ts";
import type { Lanes } from "./vector.ts";

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

/** Part of a nest, and how many elements later each view starts in it. */
export interface NestPart extends Nest {
  readonly offsets: readonly number[];
}

/** A nest in parts that can be counted: mostly itself. */
export const partsOf = ({ generators }: Emitter, nest: Nest): readonly NestPart[] =>
  generators.large?.countable(nest) ?? [wholeNest(nest)];

/** A nest as a part. */
export const wholeNest = (nest: Nest): NestPart => ({ ...nest, offsets: nest.strides.map(() => 0) });

/** A part of a nest: its iterations from one to before another, along the outermost dimension or the innermost. */
export interface Range {
  readonly outermost: boolean;
  readonly first: Code;
  readonly end: Code;
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
  const loops = { emitter, plan, kernel, reads, views, nest, lanes };
  fn.emit(emitter.generators.large?.dividedLoops(loops, fn, emitLoops) ?? emitLoops(loops, fn));
}

/** What the loops of a kernel run over. */
export interface LoopNest {
  readonly emitter: Emitter;
  readonly plan: Plan;
  readonly kernel: PointwiseKernel;
  readonly reads: readonly View[];
  /** What is read, then what is written. */
  readonly views: readonly View[];
  readonly nest: Nest;
  readonly lanes: Lanes;
  /** Where views begin, if that is known only when the code runs: of a nest that is a part of the kernel's. */
  readonly starts?: readonly (Code | undefined)[];
}

function emitLoops(
  { emitter, plan, kernel, reads, views, nest, lanes, starts }: LoopNest,
  fn: FunctionBuilder,
  range?: Range,
): Code {
  const { shape, nodes, stores } = kernel;
  const results = stores.map(({ value }) => value);
  const body = new Body(emitter, plan, fn, nodes, lanes);
  const offset = fn.local("i32");
  const parts = partsOf(emitter, nest);
  // Arrays are padded, so a single loop over whole ones may run over their ends.
  const padded =
    starts === undefined &&
    parts.length === 1 &&
    nest.sizes.length === 1 &&
    stores.every(({ target }) => {
      const place = plan.places.get(target.root)!;
      return isWhole(target) && !(place.kind !== "workspace" && place.exact);
    });
  const loops = parts.map(({ sizes, strides, offsets }): Code => {
    const accesses = views.map((view, i) => {
      const moved = { ...view, offset: view.offset + offsets[i]! };
      const own = strides[i]!;
      const ofRange = range?.outermost && own[0] !== 0 ? emitter.within(plan, moved, range.first, own[0]!) : undefined;
      const start = starts?.[i] ?? ofRange;
      return new Access(emitter, plan, fn, moved, own, start);
    });
    const readers = accesses.slice(0, reads.length);
    const writers = accesses.slice(reads.length);
    const byView = new Map(reads.map((view, i) => [view, readers[i]!]));
    const inner = sizes.at(-1) ?? 1;
    const scattered = readers.some((access) => access.isScattered);
    const whole = padded && !scattered ? Math.ceil(inner / lanes) * lanes : Math.floor(inner / lanes) * lanes;
    const vector = (count: number, inline: boolean): Code => {
      const { code, results: locals } = body.evaluate(byView, results, count, offset, inline);
      return [code, writers.map((access, i) => access.store(fn, lanes, count, offset, locals[i]!))];
    };
    const along = range?.outermost === false ? range : undefined;
    const bytes = (index: Code): Code => i32.mul(index, i32.const(4));
    const innerCode: Code[] = [readers.map((access) => access.enter(fn, lanes))];
    if (whole > 0) {
      const inline = sizeOf(shape) >= shortLoop;
      const each = vector(lanes, inline);
      const pairs = emitter.generators.wide?.pairLoop({
        ...{ fn, lanes, offset, whole, along, accesses, writers, each },
        evaluate: (ahead) => body.evaluate(byView, results, lanes, offset, inline, ahead),
      });
      const [start, limit] = along ? [bytes(along.first), bytes(least(along.end, i32.const(whole)))] : [0, 4 * whole];
      innerCode.push(pairs ?? forLoop({ index: offset, start, limit, step: 4 * lanes }, each));
    }
    if (inner > whole) {
      const rest = [local.set(offset, i32.const(4 * whole)), vector(inner - whole, false)];
      innerCode.push(along ? when(i32.eq(along.end, i32.const(inner)), rest) : rest);
    }
    const begin = accesses.map((access) => access.begin());
    if (range?.outermost) {
      const step = accesses.map((access) => access.advance(0, 1));
      const code = [outerLoops(fn, sizes.slice(1, -1), accesses, innerCode, 1), step];
      return [begin, forLoop({ index: fn.ownLocal("i32"), start: range.first, limit: range.end }, code)];
    }
    return [begin, outerLoops(fn, sizes.slice(0, -1), accesses, innerCode)];
  });
  return [body.prologue(), loops];
}
