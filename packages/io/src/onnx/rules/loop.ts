// Loops: a scan is ONNX's Scan, with what is the same in every step read from outside its body.
import { allocate, type DType } from "@hooke/runtime";
import type { OpenProgram } from "../dims.ts";
import { Graph, type Operand, operand } from "../graph.ts";
import { graphMessage, valueMessage } from "../messages.ts";
import { type RulesOf, refuseNode } from "./rule.ts";
import { known } from "./structure.ts";

/** Adds a program's nodes to a graph. @returns its outputs */
export type Walk = (graph: Graph, program: OpenProgram, inputs: readonly Operand[]) => Operand[];

/** @param walk how the body's nodes are added */
export const loop = (walk: Walk): RulesOf<"scan"> => ({
  scan(graph, node, inputs) {
    const { params, outputs } = node;
    const { body, length, consts, carry, reverse } = params;
    if (length === 0) refuseNode(node as never, "a loop without steps.");
    const given = inputs.slice(consts).map((input) => graph.dense(input));
    const inner = new Graph(graph);
    const arrived = body.inputs.slice(consts).map(({ shape, dtype }, i) => {
      const name = graph.unique(`step/${i < carry ? "carry" : "input"}`);
      return { value: operand(name, dtype, shape), message: valueMessage(name, dtype, shape) };
    });
    // ONNX loops over inputs, and wants one.
    const idle = arrived.length === carry;
    const dtype: DType = "f32";
    const clock = inner.unique("step/clock");
    const steps = known("clock", { shape: [length], dtype, data: allocate(dtype, length) });
    const results = walk(inner, body, [...inputs.slice(0, consts), ...arrived.map(({ value }) => value)]);
    const left = results.map((result, i) => {
      const name = graph.unique(`step/${i < carry ? "next" : "output"}`);
      inner.output(name, result);
      return valueMessage(name, result.dtype, result.shape);
    });
    const direction = (count: number): number[] => new Array<number>(count).fill(reverse ? 1 : 0);
    const scanned = idle ? 1 : arrived.length - carry;
    const message = graphMessage({
      name: graph.unique("step"),
      nodes: inner.nodes,
      initializers: [],
      inputs: [...arrived.map((each) => each.message), ...(idle ? [valueMessage(clock, dtype, [])] : [])],
      outputs: left,
    });
    const names = graph.addMany("Scan", idle ? [...given, graph.dense(steps)] : given, outputs.length, {
      body: message,
      num_scan_inputs: scanned,
      scan_input_directions: direction(scanned),
      ...(outputs.length > carry && { scan_output_directions: direction(outputs.length - carry) }),
    });
    return outputs.map(({ shape, dtype: type }, i) => operand(names[i]!, type, shape));
  },
});
