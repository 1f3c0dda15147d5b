// What a gradient keeps of a function's values, in fewer bits: packed where it has been computed, unpacked where it is read.
import { sizeOf } from "../array.ts";
import { pack, unpack } from "../ops/packing.ts";
import { isPacked, type Packed } from "../primitives/packing.ts";
import { cheap } from "../primitives/scan-residuals.ts";
import type { Node, Value } from "../program.ts";
import { emitLike, type Recorder, withScope } from "../record.ts";
import { Tensor } from "../tensor.ts";

/** Elements from which on an array is packed: packing is a kernel of its own. */
const shortest = 4096;

const isLong = ({ shape }: Value): boolean => sizeOf(shape) >= shortest;

/**
 * How a gradient keeps what it reads of the values of its function.
 *
 * @param read what it reads
 * @param recorder where the function has been computed: more nodes may be put between its own
 * @param first the number of the function's first node there
 * @returns what makes each of what is read, where it is first needed
 */
export type Keeping = (read: readonly Tensor[], recorder: Recorder, first: number) => readonly (() => Tensor)[];

/**
 * A gradient keeps large arrays of activations in 16 bits, as bfloat16, and masks in one: `packed` is given to those who differentiate. The
 * value of the function, all arithmetic and all sums stay in `f32`; where the gradient reads an activation it has the digits of
 * bfloat16, which are off by 1/256 at most. What follows from one such array by a few cheap operations is computed again rather than kept.
 * What is neither `f32` nor `bool`, shorter than 4,096 elements or given to the function stays as it is. The gradient cannot be
 * differentiated again.
 *
 * @example
 * ```ts
 * import { array, matmul, packed, referenceBackend, run, sum, type Tensor, tanh, valueAuxAndGrad, zeros } from "@hooke/runtime";
 *
 * const layer = (w: Tensor, x: Tensor) => [sum(tanh(matmul(x, w))), []] as const;
 * const step = (w: Tensor, x: Tensor) => valueAuxAndGrad((own: Tensor) => layer(own, x), packed)(w)[2];
 * const gradient = await run(referenceBackend(), step, array([[0.5]]), zeros([4096, 1]));
 * console.log(gradient.data[0]); // 0
 * ```
 */
export const packed: Keeping = (read, recorder, first) => {
  const nodes = recorder.nodes.slice(first);
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const leaves = leavesOf(nodes);
  const own = read
    .filter((tensor) => tensor.recorder === recorder && leaves.has(tensor.value))
    .map(({ value }) => value);
  const kept = new Set(own.filter(({ dtype }) => dtype !== "bool").flatMap((value) => leaves.get(value)!));
  // A mask takes less room than what it is computed from, unless that is kept anyway.
  for (const value of own) {
    if (value.dtype === "bool" && !leaves.get(value)!.every((leaf) => kept.has(leaf))) kept.add(value);
  }

  // Right behind what computes it, so that the whole array need not live longer than the function needs it.
  const words = new Map<Value, Tensor>();
  recorder.nodes.length = first;
  for (const node of nodes) {
    recorder.nodes.push(node);
    for (const value of node.outputs) {
      if (!kept.has(value) || !isPacked(value.dtype)) continue;
      words.set(
        value,
        withScope(node.scope, () => pack(new Tensor(value, recorder))),
      );
    }
  }

  const made = new Map<Value, Tensor>();
  const make = (value: Value, node: Node | undefined): Tensor => {
    const own = words.get(value);
    if (own !== undefined) return unpack(own, value.shape, value.dtype as Packed);
    if (node === undefined) return new Tensor(value, recorder);
    const operands = node.inputs.map((input) => made.get(input)!);
    return emitLike(node, operands)[0]!;
  };
  const find = (value: Value): Tensor => {
    // Chains may be too long for recursion.
    const path = [value];
    for (let last = path.at(-1); last !== undefined; last = path.at(-1)) {
      const node = kept.has(last) || !leaves.has(last) ? undefined : makers.get(last);
      const missing = node?.inputs.filter((input) => !made.has(input)) ?? [];
      if (missing.length === 0) {
        const next = path.pop()!;
        const scope = makers.get(next)?.scope ?? "";
        if (!made.has(next))
          made.set(
            next,
            withScope(scope, () => make(next, node)),
          );
      } else path.push(...missing);
    }
    return made.get(value)!;
  };
  return read.map((tensor) => (tensor.recorder === recorder ? () => find(tensor.value) : () => tensor));
};

/**
 * For each long array that nodes compute, those from which cheap operations compute it again: one of floats that is not longer, and
 * masks; or itself. What is not long, and what others have computed, is there anyway.
 */
function leavesOf(nodes: readonly Node[]): Map<Value, readonly Value[]> {
  const leaves = new Map<Value, readonly Value[]>();
  for (const { primitive, inputs, outputs } of nodes) {
    for (const output of outputs.filter(isLong)) {
      const all = [...new Set(inputs.flatMap((input) => leaves.get(input) ?? []))];
      const floats = all.filter(({ dtype }) => dtype !== "bool");
      const size = floats.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      const again =
        cheap.has(primitive) && size <= sizeOf(output.shape) && floats.every(({ dtype }) => dtype === "f32");
      leaves.set(output, again ? all : [output]);
    }
  }
  return leaves;
}
