// The reference interpreter: a program node by node on plain typed arrays. Slow and obviously right; the oracle of every backend.
import { describe, type HostArray } from "./array.ts";
import type { Backend } from "./backend.ts";
import { BufferChecks, checkDonation, type HeldBuffer } from "./buffers.ts";
import { checkHostArray } from "./check-array.ts";
import { fail } from "./error.ts";
import { checkOptions } from "./options/check-options.ts";
import { lastUses } from "./passes/liveness.ts";
import type { Node, Program, Value } from "./program.ts";

/** Evaluates on host arrays what a node applies. */
export function evaluateNode(
  { rule, params }: Pick<Node, "rule" | "params">,
  inputs: readonly HostArray[],
): readonly HostArray[] {
  return rule.reference(inputs, params as never, rule.outputs(inputs, params as never), interpret);
}

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
      const received = given === undefined ? "missing" : describe(given);
      fail("interpret", `input ${i} is ${received}; it takes ${describe(input)}.`, "mismatch");
    }
    checkHostArray("interpret", given);
    values.set(input, given);
  }
  // What nothing reads any more goes, so that a long program needs no more memory than what is alive at once.
  const last = lastUses(program);
  for (const [index, node] of program.nodes.entries()) {
    const operands = node.inputs.map((input) => values.get(input)!);
    const outputs = evaluateNode(node, operands);
    for (const [i, output] of node.outputs.entries()) if (last.has(output)) values.set(output, outputs[i]!);
    for (const input of node.inputs) if (last.get(input) === index) values.delete(input);
    visit?.(node, outputs);
  }
  return program.outputs.map((output) => copy(values.get(output)!));
}

/** Results are the caller's own: a primitive may return its operand or a constant of the program. */
const copy = (array: HostArray): HostArray => ({ ...array, data: array.data.slice() });

interface ReferenceBuffer extends HeldBuffer {
  array: HostArray;
}

const who = "backend reference";

/** The backend that interprets programs in plain JavaScript: for truth, not for speed. Runs every dtype. */
export function referenceBackend(options: Readonly<Record<string, never>> = {}): Backend {
  checkOptions<object>("referenceBackend", options, {});
  const owner = {};
  const checks = new BufferChecks<ReferenceBuffer>(who, owner);
  const hold = (array: HostArray): ReferenceBuffer => ({
    shape: [...array.shape],
    dtype: array.dtype,
    owner,
    freed: false,
    takenBy: 0,
    array,
  });
  return {
    name: "reference",
    dtypes: ["f32", "f64", "i32", "u32", "bool"],
    upload(array) {
      checkHostArray(who, array);
      return hold(copy(array));
    },
    write(buffer, array) {
      checkHostArray(who, array);
      checks.target(buffer, array).array = copy(array);
    },
    async read(buffer) {
      return copy(checks.open(buffer).array);
    },
    free(buffer) {
      checks.open(buffer).freed = true;
    },
    async prepare(program, { donate = [] } = {}) {
      checkDonation(who, program, donate);
      let freed = false;
      const open = (): void => {
        if (freed) fail(who, "the program was freed; prepare it again.", "freed");
      };
      return {
        run(given) {
          open();
          const inputs = checks.inputs(program, donate, given);
          const outputs = interpret(
            program,
            inputs.map(({ array }) => array),
          );
          return outputs.map((output, i) => {
            const taken = donate[i];
            if (taken === undefined || taken === null) return hold(output);
            const buffer = inputs[taken]!;
            buffer.array = output;
            return buffer;
          });
        },
        free() {
          open();
          freed = true;
        },
      };
    },
  };
}
