// Inner loops over two vectors at a time, so that the engine joins them: all is read before anything is written, and neighbours are written one after the other.
import type { Access } from "../codegen/access.ts";
import type { Range } from "../codegen/pointwise.ts";
import type { Lanes } from "../codegen/vector.ts";
import { least } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { forLoop, local, when } from "../encoder/control.ts";
import type { FunctionBuilder } from "../encoder/module.ts";
import { i32 } from "../encoder/opcodes.ts";
import { round } from "../encoder/round.ts";

interface InnerLoop {
  readonly fn: FunctionBuilder;
  readonly lanes: Lanes;
  /** The local of the loop, in units of 4 per element. */
  readonly offset: number;
  /** Elements in whole vectors. */
  readonly whole: number;
  /** The part of the loop that is run, where that is not all. */
  readonly along: Range | undefined;
  readonly accesses: readonly Access[];
  /** Of these, what is written. */
  readonly writers: readonly Access[];
  /** The code of a single vector. */
  readonly each: Code;
  /** The code of the vector so many elements behind the offset, and the locals with its results. */
  evaluate(ahead: number): { readonly code: Code; readonly results: readonly number[] };
}

/** The loop in pairs and a last vector; undefined where elements do not lie side by side in whole vectors. */
export function pairLoop({ fn, lanes, offset, whole, along, ...loop }: InnerLoop): Code | undefined {
  const { accesses, writers, each } = loop;
  const joins = writers.every((access) => access.isDense(lanes)) && accesses.every((access) => !access.isScattered);
  if (!joins || whole < 2 * lanes) return undefined;
  const pair = round(fn, () => {
    const held = accesses.map((access) => access.hold(fn, offset));
    const both = [0, lanes].map(loop.evaluate);
    const stores = writers.map((access, i) =>
      both.map(({ results }, v) => access.store(fn, lanes, lanes, offset, results[i]!, v * lanes)),
    );
    for (const access of accesses) access.letGo();
    return [held, both.map(({ code }) => code), stores];
  });
  const step = 4 * lanes;
  if (along === undefined) {
    const paired = whole - (whole % (2 * lanes));
    return [
      forLoop({ index: offset, start: 0, limit: 4 * paired, step: 2 * step }, pair),
      forLoop({ index: offset, start: 4 * paired, limit: 4 * whole, step }, each),
    ];
  }
  const end = fn.local("i32");
  const beforeLast = i32.sub(local.get(end), i32.const(step));
  return [
    local.set(end, i32.mul(least(along.end, i32.const(whole)), i32.const(4))),
    forLoop({ index: offset, start: i32.mul(along.first, i32.const(4)), limit: beforeLast, step: 2 * step }, pair),
    when(i32.lt_u(local.get(offset), local.get(end)), each),
  ];
}
