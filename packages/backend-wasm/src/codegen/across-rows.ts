// Reductions whose innermost dimension is kept: each lane accumulates its own element, several vectors of a row at a time, so
// that whole cache lines are read once.
import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import { i32 } from "../encoder/opcodes.ts";
import { longestChain, Totals } from "./accumulation.ts";
import { reducedLoops } from "./chains.ts";
import type { Reduction } from "./reduction-parts.ts";

/** Vectors of a row at a time. Bodies of many nodes are repeated less often: code has to be compiled, too. */
const together = (nodes: number): number => (nodes <= 4 ? 8 : nodes <= 16 ? 4 : 2);

export function acrossRows({
  fn,
  name,
  dtype,
  lanes,
  start,
  offset,
  kept,
  nodes,
  parts,
  writer,
  wide,
}: Reduction): Code {
  const [{ sizes, readers, enter, accumulate }] = parts as [(typeof parts)[number]];
  const size = sizes.at(-1)!;
  const reduced = sizes.slice(kept, -1);
  const long = name === "sum" && dtype === "f32" && reduced.reduce((a, b) => a * b, 1) > longestChain;
  const most = Math.min(together(nodes), Math.ceil(size / lanes));
  const accumulators = Array.from({ length: most }, () => fn.local("v128"));
  const totals = long ? accumulators.map(() => new Totals(fn, lanes)) : undefined;

  /** Elements from the offset on, in vectors of the given widths. */
  const block = (widths: readonly number[]): Code => {
    const used = accumulators.slice(0, widths.length);
    const each = (code: (accumulator: number, v: number) => Code): Code => used.map(code);
    const flush = totals && [wide?.show(used) ?? [], each((accumulator, v) => totals[v]!.take(accumulator))];
    const add = (): Code => each((accumulator, v) => accumulate(widths[v]!, accumulator, v * lanes));
    const code = [enter, wide?.round(readers, offset, add) ?? add()];
    return [
      each((accumulator) => local.set(accumulator, start)),
      totals ? each((_, v) => totals[v]!.begin()) : [],
      reducedLoops(fn, reduced, readers, { code, terms: 1 }, kept, flush).code,
      totals ? [flush!, each((accumulator, v) => totals[v]!.narrow(accumulator))] : [],
      each((accumulator, v) => writer.store(fn, lanes, widths[v]!, offset, accumulator, v * lanes)),
    ];
  };
  const vectors = Math.floor(size / lanes);
  const blocks = Math.floor(vectors / most);
  const done = blocks * most * lanes;
  const code: Code[] = [];
  if (blocks > 0) {
    const step = 4 * lanes * most;
    code.push(forLoop({ index: offset, start: 0, limit: 4 * done, step }, block(new Array(most).fill(lanes))));
  }
  if (size > done) {
    const widths = Array.from({ length: Math.ceil((size - done) / lanes) }, (_, v) =>
      Math.min(lanes, size - done - v * lanes),
    );
    code.push(local.set(offset, i32.const(4 * done)), block(widths));
  }
  return code;
}
