// The messages of ONNX: tensors, attributes, nodes, graphs. Field numbers are those of onnx.proto.
// Source: https://github.com/onnx/onnx/blob/v1.16.0/onnx/onnx.proto
import type { DType, HostArray } from "@hooke/runtime";
import { Message } from "../protobuf.ts";
import type { Dim } from "./dims.ts";

/** Element types as ONNX numbers them. */
export const elementTypes: Readonly<Record<DType | "i64", number>> = {
  f32: 1,
  i32: 6,
  i64: 7,
  bool: 9,
  f64: 11,
  u32: 12,
};

/** What an attribute of a node may be. */
export type Attribute = number | string | readonly number[] | Message;

export type Attributes = Readonly<Record<string, Attribute>>;

/** An attribute: a whole number, a text, whole numbers or a graph. */
function attribute(name: string, value: Attribute): Message {
  const message = new Message().text(1, name);
  if (typeof value === "number") return message.integer(3, value).integer(20, 2);
  if (typeof value === "string") return message.text(4, value).integer(20, 3);
  if (value instanceof Message) return message.message(6, value).integer(20, 5);
  for (const each of value) message.integer(8, each);
  return message.integer(20, 7);
}

export function nodeMessage(
  operator: string,
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Attributes,
): Message {
  const message = new Message();
  for (const input of inputs) message.text(1, input);
  for (const output of outputs) message.text(2, output);
  message.text(3, name).text(4, operator);
  for (const [key, value] of Object.entries(attributes)) message.message(5, attribute(key, value));
  return message;
}

/** A constant array under a name. */
export function tensorMessage(name: string, { shape, dtype, data }: HostArray): Message {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return tensor(name, shape, elementTypes[dtype], raw);
}

/** A constant vector of 64-bit whole numbers under a name: what shapes and axes are. */
export function integersMessage(name: string, values: readonly number[]): Message {
  const raw = BigInt64Array.from(values, BigInt);
  return tensor(name, [values.length], elementTypes.i64, new Uint8Array(raw.buffer));
}

function tensor(name: string, shape: readonly number[], elementType: number, raw: Uint8Array): Message {
  const message = new Message();
  for (const dimension of shape) message.integer(1, dimension);
  return message.integer(2, elementType).text(8, name).bytes(9, raw);
}

/** An input or output of a graph; the dimension that follows the number of rows is called `batch`. */
export function valueMessage(name: string, dtype: DType, shape: readonly Dim[]): Message {
  const dimensions = new Message();
  for (const dimension of shape) {
    const message = new Message();
    if (typeof dimension === "number") message.integer(1, dimension);
    else if (dimension.rows === 1) message.text(2, "batch");
    dimensions.message(1, message);
  }
  const type = new Message().integer(1, elementTypes[dtype]).message(2, dimensions);
  return new Message().text(1, name).message(2, new Message().message(1, type));
}

export interface GraphParts {
  readonly name: string;
  readonly nodes: readonly Message[];
  readonly initializers: readonly Message[];
  readonly inputs: readonly Message[];
  readonly outputs: readonly Message[];
}

export function graphMessage({ name, nodes, initializers, inputs, outputs }: GraphParts): Message {
  const message = new Message();
  for (const node of nodes) message.message(1, node);
  message.text(2, name);
  for (const each of initializers) message.message(5, each);
  for (const input of inputs) message.message(11, input);
  for (const output of outputs) message.message(12, output);
  return message;
}

/** A file: format 8, operators of version 18. @param version of this package */
export function modelMessage(graph: Message, version: string, metadata: Readonly<Record<string, string>>): Message {
  const message = new Message().integer(1, 8).text(2, "hooke").text(3, version).message(7, graph);
  message.message(8, new Message().text(1, "").integer(2, 18));
  for (const [key, value] of Object.entries(metadata)) message.message(14, new Message().text(1, key).text(2, value));
  return message;
}
