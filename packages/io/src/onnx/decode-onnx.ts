// The constants of ONNX files by name: the weights of other programs' models.
import { type SelectedNames, selectedNamesCheck, selectNames } from "@hooke/data/safetensors";
import { checkOptions, checks, fail, type HostArray, sizeOf } from "@hooke/runtime";
import { type Field, fieldsOf } from "../read-protobuf.ts";
import { callbackCheck, checkBytes, type SourceOptions, textCheck } from "../source.ts";
import { type Int64Options, readStored, storedSize } from "../stored-array.ts";
import { type OnnxPlace, type OnnxTensor, readTensor, textOf } from "./read-tensor.ts";

/** Options of {@link decodeOnnx}. */
export interface DecodeOnnxOptions extends SourceOptions, Int64Options {
  /** The tensors to read. Default: all. */
  readonly names?: SelectedNames;
  /** Whether whole numbers, which are shapes and axes more often than weights, are left out. Default false. */
  readonly floatsOnly?: boolean;
  /**
   * Reads a file that tensors are in, by its path from the folder of the ONNX file, such as `"model.onnx.data"`. Default: such tensors are
   * refused.
   */
  readonly external?: (location: string) => Uint8Array | Promise<Uint8Array>;
  /**
   * Bytes that all arrays together may take. Default: 64 MiB, and 16 times the file and those it refers to where that is more.
   */
  readonly limit?: number;
}

/** What an ONNX file holds. */
export interface OnnxFile {
  /** Initializers of the graph by name, in a record without a prototype, and under the other names that the graph gives them. */
  readonly tensors: Readonly<Record<string, HostArray>>;
  /** Operators of the graph, each once. */
  readonly operators: readonly string[];
}

/**
 * Reads the constants of an ONNX file: the initializers of its graph, not those of graphs inside of nodes. Where exporters store equal
 * tensors once and give them other names by `Identity`, they are there by these names too. The graph itself is not read.
 *
 * float16 and bfloat16 become f32, exactly, and so on as in every decoder of this package.
 *
 * @throws on damaged files (`"corrupt-file"`); on sparse tensors, texts, complex numbers and numbers of 4 bits, on tensors in other files that
 *   `external` does not read, and on more than `limit` bytes (`"unsupported"`); on names that are not there (`"mismatch"`)
 * @example
 * ```ts no-run
 * import { decodeFile } from "@hooke/io/node";
 * import { decodeOnnx } from "@hooke/io/onnx";
 *
 * const { tensors } = await decodeFile("resnet18.onnx", decodeOnnx, { floatsOnly: true });
 * console.log(tensors["conv1.weight"]?.shape); // [ 64, 3, 7, 7 ]
 * ```
 */
export async function decodeOnnx(bytes: Uint8Array, options: DecodeOnnxOptions = {}): Promise<OnnxFile> {
  checkOptions<DecodeOnnxOptions>("decodeOnnx", options, {
    optional: {
      source: textCheck,
      int64: (value) => checks.oneOf(value, ["i32", "f64"]),
      names: selectedNamesCheck,
      floatsOnly: checks.flag,
      external: callbackCheck,
      limit: checks.count,
    },
  });
  checkBytes("decodeOnnx", bytes);
  const { source: who = "onnx", int64 = "i32", names, floatsOnly = false, external } = options;
  const { tensors: all, aliases, operators } = readGraph(graphOf(bytes, who), who);
  const chosen = selectNames(who, "tensor", withAliases(all, aliases, who), names).filter(
    ({ tensor: { type } }) => !floatsOnly || ("stored" in type && /^B?F/.test(type.stored)),
  );
  const files = await externalFiles(chosen, external, who);
  const available = [...files.values()].reduce((sum, { length }) => sum + length, bytes.length);
  const { limit = Math.max(2 ** 26, 16 * available) } = options;
  const once = new Map(chosen.map(({ tensor }) => [tensor, undefined as HostArray | undefined]));
  let total = 0;
  for (const { name, shape, type } of once.keys()) {
    if ("other" in type)
      fail(
        who,
        `tensor ${JSON.stringify(name)} is of ${type.other}, which has no array here. Leave it out with names.`,
        "unsupported",
      );
    total += sizeOf(shape) * Math.max(4, storedSize(type.stored));
  }
  if (!(total <= limit)) {
    fail(
      who,
      `its tensors take ${total} bytes as arrays; the option limit allows ${limit}. Raise it for files you trust, or choose tensors with names.`,
      "unsupported",
    );
  }
  const tensors: Record<string, HostArray> = Object.create(null);
  for (const { name, tensor } of chosen) {
    const { type, shape, content } = tensor as OnnxTensor & { readonly type: { readonly stored: "F32" } };
    const read = (): HostArray => {
      const stored = content instanceof Uint8Array ? content : partOf(files.get(content.location)!, content, name, who);
      return readStored(who, `tensor ${JSON.stringify(name)}`, { ...type, shape, bigEndian: false }, stored, int64);
    };
    const value = once.get(tensor) ?? read();
    once.set(tensor, value);
    tensors[name] = value;
  }
  return { tensors, operators };
}

function graphOf(bytes: Uint8Array, who: string): Uint8Array {
  let graph: Uint8Array | undefined;
  for (const { number, kind, value } of fieldsOf(bytes, who)) if (number === 7 && kind === "bytes") graph = value;
  return graph ?? fail(who, "has no graph: it is no ONNX file, or damaged.", "corrupt-file");
}

interface Graph {
  readonly tensors: readonly OnnxTensor[];
  /** What each other name is of. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly operators: readonly string[];
}

function readGraph(message: Uint8Array, who: string): Graph {
  const tensors: OnnxTensor[] = [];
  const aliases = new Map<string, string>();
  const operators = new Set<string>();
  for (const { number, kind, value } of fieldsOf(message, who)) {
    if (kind !== "bytes") continue;
    if (number === 5) tensors.push(readTensor(value, who));
    if (number === 15) {
      fail(who, "has sparse tensors, which are not read. Export the model with dense ones.", "unsupported");
    }
    if (number !== 1) continue;
    const { operator, inputs, outputs } = readNode(fieldsOf(value, who), who);
    operators.add(operator);
    if (operator === "Identity" && inputs.length === 1 && outputs.length === 1) aliases.set(outputs[0]!, inputs[0]!);
  }
  return { tensors, aliases, operators: [...operators] };
}

function readNode(fields: Iterable<Field>, who: string) {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  let operator = "";
  for (const field of fields) {
    if (field.number === 1) inputs.push(textOf(field, who));
    else if (field.number === 2) outputs.push(textOf(field, who));
    else if (field.number === 4) operator = textOf(field, who);
  }
  return { operator, inputs, outputs };
}

interface Named {
  readonly name: string;
  readonly tensor: OnnxTensor;
}

/** Tensors by each of their names. */
function withAliases(
  tensors: readonly OnnxTensor[],
  aliases: ReadonlyMap<string, string>,
  who: string,
): readonly Named[] {
  const byName = new Map<string, OnnxTensor>();
  for (const tensor of tensors) {
    if (byName.has(tensor.name)) {
      fail(who, `tensor ${JSON.stringify(tensor.name)} is there twice: the file is damaged.`, "corrupt-file");
    }
    byName.set(tensor.name, tensor);
  }
  // Nodes stand behind those that they depend on: what is not there yet is no constant.
  for (const [name, of] of aliases) {
    const tensor = byName.get(of);
    if (tensor !== undefined && !byName.has(name)) byName.set(name, tensor);
  }
  return [...byName].map(([name, tensor]) => ({ name, tensor }));
}

/** The other files that tensors are in. */
async function externalFiles(
  chosen: readonly Named[],
  external: DecodeOnnxOptions["external"],
  who: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const { name, tensor } of chosen) {
    if (tensor.content instanceof Uint8Array || files.has(tensor.content.location)) continue;
    const { location } = tensor.content;
    if (!/^[^/\\:]/.test(location) || location.split(/[/\\]/).includes("..") || location.includes(":")) {
      fail(
        who,
        `tensor ${JSON.stringify(name)} is in ${JSON.stringify(location)}, outside of the file's folder.`,
        "unsupported",
      );
    }
    if (external === undefined) {
      fail(
        who,
        `tensor ${JSON.stringify(name)} is in another file, ${JSON.stringify(location)}. Give the option external, which reads it, or export one ` +
          "file: torch.onnx.export(..., external_data=False).",
        "unsupported",
      );
    }
    const content = await external(location);
    checkBytes(who, content);
    files.set(location, content);
  }
  return files;
}

function partOf(file: Uint8Array, { location, offset, length }: OnnxPlace, name: string, who: string): Uint8Array {
  const end = length === undefined ? file.length : offset + length;
  if (offset <= end && end <= file.length) return file.subarray(offset, end);
  return fail(
    who,
    `tensor ${JSON.stringify(name)} ends at byte ${end} of ${JSON.stringify(location)}, which has ${file.length}: it is cut short, or another file.`,
    "corrupt-file",
  );
}
