// The custom section "name" of a module: what engines, profilers and disassemblers call its functions.
import { labelOf } from "@hooke/plan/explain";
import { encode, join, section, unsigned } from "../encoder/code.ts";
import { list, nameOf } from "../encoder/module.ts";
import type { NotingEmitter } from "./noting.ts";

/** The module that an emitter filled, with names of all its functions. */
export function namedModule(emitter: NotingEmitter): Uint8Array<ArrayBuffer> {
  const functions = functionNames(emitter).map(([index, name]) => [unsigned(index), nameOf(name)]);
  const subsection = section(1, [encode(list(functions))]);
  return join([emitter.module.toBytes(), ...section(0, [encode(nameOf("name")), ...subsection])]);
}

/** Kernels by their labels, what they share by its key, and the parts of either. */
function functionNames(emitter: NotingEmitter): [index: number, name: string][] {
  const { module, kernels } = emitter;
  const keys = new Map([...module.shared].map(([key, index]) => [index, key]));
  let whole = "main";
  const [main] = module.functions;
  return module.functions.map(({ index, signature }) => {
    const kernel = kernels.get(index);
    const key = keys.get(index);
    if (kernel !== undefined) whole = labelOf(kernel, emitter.wayOf);
    else if (key !== undefined) whole = typeof key === "function" ? key.name : String(key);
    else if (signature.params.length === 0) return [index, index === main!.index ? "main" : "kernels"];
    else return [index, `${whole}, part`];
    return [index, whole];
  });
}
