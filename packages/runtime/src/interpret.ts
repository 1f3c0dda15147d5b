// The reference interpreter: a program node by node on plain typed arrays. Slow and obviously right; the oracle of every backend.
import { describe, type HostArray } from "./array.ts";
import type { Backend, Buffer } from "./backend.ts";
import { fail } from "./error.ts";
import { evaluate } from "./primitives/table.ts";
import type { Node, Program, Value } from "./program.ts";

/**
 * Evaluates a program.
 *
 * @param visit called after each node with its outputs, e.g. to find the first one that is not finite
 */
export function interpret(
  program: Program,
  inputs: readonly HostArray[],
  visit?: (node: Node, outputs: readonly HostArray[]) => void,
): HostArray[] {
  const values = new Map<Value, HostArray>();
  for (const [i, input] of program.inputs.entries()) {
    const given = inputs[i];
    if (given === undefined || describe(given) !== describe(input)) {
      fail(
        "interpret",
        `input ${i} is ${given === undefined ? "missing" : describe(given)}; it takes ${describe(input)}.`,
      );
    }
    values.set(input, given);
  }
  for (const node of program.nodes) {
    const operands = node.inputs.map((input) => values.get(input)!);
    const outputs = evaluate(node.primitive, operands, node.params);
    for (const [i, output] of node.outputs.entries()) values.set(output, outputs[i]!);
    visit?.(node, outputs);
  }
  return program.outputs.map((output) => values.get(output)!);
}

interface ReferenceBuffer extends Buffer {
  array: HostArray | undefined;
}

/** The backend that interprets programs in plain JavaScript: for truth, not for speed. Runs every dtype. */
export function referenceBackend(): Backend {
  const hold = (array: HostArray): ReferenceBuffer => ({ shape: array.shape, dtype: array.dtype, array });
  const open = (buffer: Buffer): HostArray =>
    (buffer as ReferenceBuffer).array ?? fail("reference backend", `the buffer ${describe(buffer)} has been freed.`);
  return {
    name: "reference",
    dtypes: ["f32", "f64", "i32", "u32", "bool"],
    upload: (array) => hold({ ...array, data: array.data.slice() }),
    write(buffer, array) {
      const target = open(buffer);
      if (describe(array) !== describe(target)) {
        fail("reference backend", `write received ${describe(array)} for a buffer of ${describe(target)}.`);
      }
      target.data.set(array.data);
    },
    async read(buffer) {
      const array = open(buffer);
      return { ...array, data: array.data.slice() };
    },
    free(buffer) {
      (buffer as ReferenceBuffer).array = undefined;
    },
    async prepare(program, { donate = [] } = {}) {
      return {
        run(inputs) {
          const outputs = interpret(program, inputs.map(open));
          return outputs.map((output, i) => {
            const taken = donate[i];
            if (taken === undefined || taken === null) return hold({ ...output, data: output.data.slice() });
            const buffer = inputs[taken] as ReferenceBuffer;
            buffer.array = { ...output, data: output.data.slice() };
            return buffer;
          });
        },
        free() {},
      };
    },
  };
}
