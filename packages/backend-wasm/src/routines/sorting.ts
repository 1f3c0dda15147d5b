// Sorting along an axis: a stable merge sort of indices by their keys, NaN last.
import { byteSize, type DType, sizeOf } from "@hooke/runtime";
import { advance, least, plus } from "../encoder/address.ts";
import type { Code } from "../encoder/code.ts";
import { block, br, br_if, call, forLoop, local, loop, when } from "../encoder/control.ts";
import type { FunctionBuilder, ModuleBuilder } from "../encoder/module.ts";
import { f32, f64, i32 } from "../encoder/opcodes.ts";
import { aroundAxis } from "./indexing.ts";
import type { Routine } from "./routine.ts";

type Scalar = {
  load(address: Code): Code;
  store(address: Code, value: Code): Code;
  less(a: Code, b: Code): Code;
  type: "i32" | "f32" | "f64";
};

/** `less` puts NaN after everything. */
function scalarOf(dtype: DType): Scalar {
  if (dtype === "f32" || dtype === "f64") {
    const ops = dtype === "f32" ? f32 : f64;
    const less = (a: Code, b: Code): Code => i32.or(ops.lt(a, b), i32.and(ops.ne(b, b), ops.eq(a, a)));
    return {
      load: (address) => ops.load(address),
      store: (address, value) => ops.store(address, value),
      less,
      type: dtype,
    };
  }
  if (dtype === "bool") {
    return {
      load: (address) => i32.load8_u(address),
      store: (address, value) => i32.store8(address, value),
      less: i32.lt_u,
      type: "i32",
    };
  }
  const less = dtype === "u32" ? i32.lt_u : i32.lt_s;
  return {
    load: (address) => i32.load(address),
    store: (address, value) => i32.store(address, value),
    less,
    type: "i32",
  };
}

const word = (base: number, index: Code): Code => i32.add(local.get(base), i32.shl(index, i32.const(2)));

/** `(keys, stride in bytes, order, spare, count) -> address of the sorted order`: bottom-up merges between two buffers. */
function addMergeSort(module: ModuleBuilder, dtype: DType): FunctionBuilder {
  const fn = module.addFunction(["i32", "i32", "i32", "i32", "i32"], ["i32"]);
  const [keys, stride, from, to, count] = [0, 1, 2, 3, 4];
  const [width, start, middle, end, left, right, out, swap, picked] = fn.locals("i32", 9);
  const { load, less } = scalarOf(dtype);
  const key = (at: Code): Code => load(i32.add(local.get(keys), i32.mul(i32.load(word(from, at)), local.get(stride))));
  // The right one goes first only if it is strictly less: equal keys keep their order.
  const merge: Code = forLoop({ index: out, start: local.get(start), limit: local.get(end) }, [
    local.set(
      picked,
      when(
        i32.lt_u(local.get(right), local.get(end)),
        when(
          i32.lt_u(local.get(left), local.get(middle)),
          less(key(local.get(right)), key(local.get(left))),
          i32.const(1),
          "i32",
        ),
        i32.const(0),
        "i32",
      ),
    ),
    when(
      local.get(picked),
      [i32.store(word(to, local.get(out)), i32.load(word(from, local.get(right)))), advance(right, 1)],
      [i32.store(word(to, local.get(out)), i32.load(word(from, local.get(left)))), advance(left, 1)],
    ),
  ]);
  const pass: Code = forLoop(
    { index: start, start: 0, limit: local.get(count), step: i32.shl(local.get(width), i32.const(1)) },
    [
      local.set(middle, least(i32.add(local.get(start), local.get(width)), local.get(count))),
      local.set(end, least(i32.add(local.get(middle), local.get(width)), local.get(count))),
      local.set(left, local.get(start)),
      local.set(right, local.get(middle)),
      merge,
    ],
  );
  fn.emit(
    local.set(width, i32.const(1)),
    block(
      loop([
        br_if(1, i32.ge_u(local.get(width), local.get(count))),
        pass,
        local.set(swap, local.get(from)),
        local.set(from, local.get(to)),
        local.set(to, local.get(swap)),
        local.set(width, i32.shl(local.get(width), i32.const(1))),
        br(0),
      ]),
    ),
    local.get(from),
  );
  return fn;
}

export function emitSort({ emitter, node, operands, output, fn }: Routine<"sort" | "argSort">): void {
  const x = node.inputs[0]!;
  const { outer, length, inner } = aroundAxis(x.shape, node.params.axis);
  if (sizeOf(x.shape) === 0) return;
  const sorter = emitter.module.share(`sort ${x.dtype}`, () => addMergeSort(emitter.module, x.dtype).index);
  const size = byteSize[x.dtype];
  const { load, store } = scalarOf(x.dtype);
  const [keys, target, order, sorted, spare, t, i, o] = fn.locals("i32", 8);
  const resultSize = node.primitive === "sort" ? size : 4;
  const place = plus(local.get(target), [local.get(t), inner * resultSize]);
  const index = i32.load(word(sorted, local.get(t)));
  const write =
    node.primitive === "sort"
      ? store(place, load(plus(local.get(keys), [index, inner * size])))
      : i32.store(place, index);
  const series = (base: Code, bytes: number): Code =>
    plus(base, [local.get(o), length * inner * bytes], [local.get(i), bytes]);
  fn.emit(
    local.set(order, emitter.scratch(8 * length)),
    local.set(spare, i32.add(local.get(order), i32.const(4 * length))),
    forLoop({ index: o, start: 0, limit: outer }, [
      forLoop({ index: i, start: 0, limit: inner }, [
        local.set(keys, series(operands[0]!, size)),
        local.set(target, series(output, resultSize)),
        forLoop({ index: t, start: 0, limit: length }, i32.store(word(order, local.get(t)), local.get(t))),
        local.set(
          sorted,
          call(sorter, local.get(keys), i32.const(inner * size), local.get(order), local.get(spare), i32.const(length)),
        ),
        forLoop({ index: t, start: 0, limit: length }, write),
      ]),
    ]),
  );
}
