// Reductions whose innermost dimension is reduced: vectors accumulate along it, and their lanes are combined at the end.
import type { Code } from "../encoder/code.ts";
import { forLoop, local } from "../encoder/control.ts";
import { i32 } from "../encoder/opcodes.ts";
import { combine, horizontal, longestChain, Totals } from "./accumulation.ts";
import { type Chain, ranges, reducedLoops } from "./chains.ts";
import type { Part, Reduction } from "./reduction-parts.ts";

/** Vectors that accumulate side by side, to hide the latency of an addition. */
const unroll = 4;

export function alongRows(reduction: Reduction): Code {
  const { fn, name, dtype, lanes, start, offset, kept, parts, writer, wide } = reduction;
  const most = Math.max(...parts.map(({ sizes }) => sizes.at(-1) ?? 1));
  const accumulators = Array.from({ length: most >= 2 * unroll * lanes ? unroll : 1 }, () => fn.local("v128"));
  const [first] = accumulators as [number];
  const terms = (part: Part): number =>
    termsInRow(reduction, part) * part.sizes.slice(kept, -1).reduce((a, b) => a * b, 1);
  const long = name === "sum" && dtype === "f32" && parts.reduce((sum, part) => sum + terms(part), 0) > longestChain;
  const totals = long ? new Totals(fn, lanes) : undefined;
  // Neighbours first: as few additions as possible one after the other.
  const join = (width: number): Code =>
    accumulators.flatMap((into, i) =>
      i % (2 * width) === 0 && i + width < accumulators.length
        ? [local.set(into, combine(name, dtype, local.get(into), local.get(accumulators[i + width]!)))]
        : [],
    );
  const together = [wide?.show(accumulators) ?? [], join(1), join(2)];
  const flush = totals && [together, totals.take(first), accumulators.slice(1).map((other) => local.set(other, start))];
  const code = parts.map((part) => {
    const inner = row(reduction, part, accumulators, flush);
    return reducedLoops(fn, part.sizes.slice(kept, -1), part.readers, inner, kept, flush).code;
  });
  return [
    accumulators.map((accumulator) => local.set(accumulator, start)),
    totals?.begin() ?? [],
    code,
    totals ? [flush!, totals.narrowSum(first)] : [together, horizontal(name, dtype, lanes, first)],
    local.set(offset, i32.const(0)),
    writer.store(fn, lanes, 1, offset, first),
  ];
}

/** How many vectors of a row are added in rounds over all accumulators, and the most that one accumulator receives. */
function shapeOfRow(size: number, lanes: number): { readonly rounds: number; readonly rest: number } {
  const rounds = size >= 2 * unroll * lanes ? Math.floor(size / (unroll * lanes)) : 0;
  return { rounds, rest: Math.ceil((size - rounds * unroll * lanes) / lanes) };
}

function termsInRow({ lanes }: Reduction, { sizes }: Part): number {
  const { rounds, rest } = shapeOfRow(sizes.at(-1) ?? 1, lanes);
  return rounds + rest;
}

/** One row, its odd end first: what it adds is flushed with what follows. */
function row(reduction: Reduction, part: Part, accumulators: readonly number[], flush: Code | undefined): Chain {
  const { fn, lanes, offset, wide: joined } = reduction;
  const { sizes, readers, enter, accumulate } = part;
  const [first] = accumulators as [number];
  const size = sizes.at(-1) ?? 1;
  const { rounds, rest } = shapeOfRow(size, lanes);
  const wide = rounds * unroll * lanes;
  const whole = Math.floor(size / lanes) * lanes;
  const code: Code[] = [enter];
  if (whole > wide)
    code.push(
      forLoop({ index: offset, start: 4 * wide, limit: 4 * whole, step: 4 * lanes }, accumulate(lanes, first, 0)),
    );
  if (size > whole) code.push(local.set(offset, i32.const(4 * whole)), accumulate(size - whole, first, 0));
  if (rounds === 0) return { code, terms: rest };
  const step = 4 * lanes * unroll;
  const add = (): Code => accumulators.map((accumulator, i) => accumulate(lanes, accumulator, i * lanes));
  const round = joined?.round(readers, offset, add) ?? add();
  if (flush === undefined || rounds <= longestChain) {
    code.push(forLoop({ index: offset, start: 0, limit: 4 * wide, step }, round));
    return { code, terms: rounds + rest };
  }
  code.push(
    ranges(fn, 4 * wide, step * longestChain, flush, (start, limit) =>
      forLoop({ index: offset, start, limit, step }, round),
    ),
  );
  return { code, terms: 0 };
}
