// HDF5 files: what is in them, and datasets read whole or in part.
import {
  checkArgument,
  checkOptions,
  checks,
  fail,
  type HostArray,
  type Shape,
  show,
  sizeOf,
  suggestion,
} from "@hooke/runtime";
import { callbackCheck, checkBytes, type SourceOptions, textCheck } from "../source.ts";
import { type Int64Options, readStored, storedSize } from "../stored-array.ts";
import { bytesOf, type Ranges, type ReadBytesOptions, readBytes } from "./bytes.ts";
import { datasetAt } from "./dataset.ts";
import { type OpenHdf5, withHdf5 } from "./library.ts";
import { readTexts } from "./texts.ts";
import { type Hdf5Group, type Hdf5Node, type ListOptions, listHdf5 } from "./tree.ts";
import { type Hdf5Type, typeName } from "./types.ts";

/** Options of {@link Hdf5File.read}. */
export interface ReadHdf5Options extends Int64Options, ReadBytesOptions {
  /** The part to read, one `[start, stop]` an axis; `null` for the whole axis. Default: all. */
  readonly slices?: readonly (readonly [start: number, stop: number] | null)[];
  /** Bytes that the part may take. Default 1 GiB. */
  readonly limit?: number;
}

/** Options of {@link readHdf5}. */
export interface OpenHdf5Options extends SourceOptions, ListOptions {}

/** An HDF5 file. It keeps the bytes it was read from, and nothing else. */
export interface Hdf5File {
  /** What is in the file. */
  readonly root: Hdf5Group;
  /**
   * The numbers of a dataset.
   *
   * @throws on other datasets and more than `limit` bytes (`"unsupported"`), on paths that are not there (`"mismatch"`), on damage
   */
  read(path: string, options?: ReadHdf5Options): Promise<HostArray>;
  /** The texts of a dataset in the order of its elements; of MATLAB's characters, one text a row. */
  readText(path: string): Promise<readonly string[]>;
  /** The paths that the references of a dataset lead to, such as the cells of MATLAB; `null` where they lead nowhere. */
  readReferences(path: string): Promise<readonly (string | null)[]>;
}

/**
 * Lists an HDF5 file, and reads from it; MATLAB's files of version 7.3 too, whose datasets have the shapes that MATLAB shows, whose logical
 * values are bool and whose characters are text. Needs the package `h5wasm`.
 *
 * @throws where the file is none, cut short or damaged (`"corrupt-file"`); where h5wasm is not installed (`"unavailable"`)
 * @example
 * ```ts no-run
 * import { decodeFile } from "@hooke/io/node";
 * import { readHdf5 } from "@hooke/io/hdf5";
 *
 * const file = await decodeFile("tests.mat", readHdf5);
 * console.log(Object.keys(file.root.children));
 * const strain = await file.read("/strain", { slices: [[0, 100], null] });
 * ```
 */
export async function readHdf5(bytes: Uint8Array, options: OpenHdf5Options = {}): Promise<Hdf5File> {
  checkOptions<OpenHdf5Options>("readHdf5", options, {
    optional: { source: textCheck, signal: checks.signal, onProgress: callbackCheck },
  });
  checkBytes("readHdf5", bytes);
  const { source: who = "hdf5" } = options;
  options.signal?.throwIfAborted();
  const root = await withHdf5(bytes, who, (file) => listHdf5(file, options));
  const at = async <T>(path: string, read: (file: OpenHdf5, path: string) => T | Promise<T>): Promise<T> => {
    const found = datasetPath(root, path, who);
    return withHdf5(bytes, who, (file) => read(file, found));
  };
  return {
    root,
    read: async (path, given = {}) => {
      checkOptions<ReadHdf5Options>("read", given, {
        optional: {
          int64: (value) => checks.oneOf(value, ["i32", "f64"]),
          slices: checks.list,
          limit: checks.count,
          signal: checks.signal,
          onProgress: callbackCheck,
        },
      });
      given.signal?.throwIfAborted();
      return at(path, (file, found) => readNumbers(file, found, given));
    },
    readText: (path) => at(path, readText),
    readReferences: (path) => at(path, readReferences),
  };
}

/** The path of a dataset, links followed. */
function datasetPath(root: Hdf5Group, path: string, who: string): string {
  checkArgument("read", "the path", path, textCheck);
  let node: Hdf5Node = root;
  let parts = path.split("/").filter((part) => part !== "");
  for (let links = 0; ; ) {
    if (node.kind === "link") {
      if (node.file !== undefined) {
        fail(who, `${node.path} leads to ${node.target} of another file, ${node.file}; read that file.`, "unsupported");
      }
      if (++links > 32) fail(who, `${path} leads through more than 32 links; they lead nowhere.`, "mismatch");
      const base: string = node.target.startsWith("/") ? "" : node.path.slice(0, node.path.lastIndexOf("/"));
      parts = [...`${base}/${node.target}`.split("/").filter((part) => part !== "" && part !== "."), ...parts];
      node = root;
      continue;
    }
    const name = parts.shift();
    if (name === undefined) break;
    const child: Hdf5Node | undefined = node.kind === "group" ? node.children[name] : undefined;
    if (child === undefined) {
      const names = node.kind === "group" ? Object.keys(node.children) : [];
      const some =
        names.length === 0 ? "" : ` It has ${names.slice(0, 20).join(", ")}${names.length > 20 ? ", ..." : ""}.`;
      return fail(who, `${node.path} has no ${JSON.stringify(name)}.${suggestion(name, names)}${some}`, "mismatch");
    }
    node = child;
  }
  if (node.kind !== "dataset") fail(who, `${node.path} is a ${node.kind}; give the path of a dataset.`, "mismatch");
  return node.path;
}

function refuse(who: string, path: string, type: Hdf5Type): never {
  const cures: Readonly<Record<string, string>> = {
    numbers: "read reads it",
    text: "readText reads it",
    references: "readReferences says where they lead",
    other: "write it as numbers, such as a dataset for every field or part",
  };
  return fail(who, `${path} holds ${typeName(type)}; ${cures[type.kind]}.`, "unsupported");
}

/** Reads a dataset of numbers of an open file. */
export async function readNumbers(
  file: OpenHdf5,
  path: string,
  { int64 = "i32", slices, limit = 2 ** 30, ...work }: ReadHdf5Options,
): Promise<HostArray> {
  const { who } = file;
  const { type, metadata, matlabClass, shape } = datasetAt(file, path);
  if (type.kind !== "numbers") return refuse(who, path, type);
  if (shape === null) return fail(who, `${path} holds no value.`, "unsupported");
  const { stored } = type;
  const ranges = rangesOf(who, path, shape, slices);
  const isMatlab = matlabClass !== undefined;
  const selection = {
    shape: isMatlab ? shape.toReversed() : shape,
    ranges: isMatlab ? ranges?.toReversed() : ranges,
    size: storedSize(stored),
    limit,
    chunks: metadata.chunks ?? null,
  };
  const bytes = await readBytes(file, path, selection, work);
  const part = ranges?.map(([start, stop]) => stop - start) ?? shape;
  // The library converts to the byte order of WebAssembly.
  return readStored(who, path, { stored, shape: part, bigEndian: false, fortranOrder: isMatlab }, bytes, int64);
}

function rangesOf(who: string, path: string, shape: Shape, slices: ReadHdf5Options["slices"]): Ranges | undefined {
  if (slices === undefined) return undefined;
  if (slices.length !== shape.length) {
    fail(
      who,
      `received ${slices.length} slices of ${path}, which has ${shape.length} axes; give one an axis, null for the whole.`,
      "mismatch",
    );
  }
  return shape.map((size, axis) => {
    const slice = slices[axis]!;
    if (slice === null) return [0, size];
    const [start, stop] = Array.isArray(slice) && slice.every(Number.isSafeInteger) ? slice : [-1, -1];
    if (!(0 <= start && start <= stop && stop <= size)) {
      fail(
        who,
        `received the slice ${show(slice)} of axis ${axis} of ${path}; expected [start, stop] from 0 to ${size}.`,
        "mismatch",
      );
    }
    return [start, stop];
  });
}

const longestText = 2 ** 28;

function readText(file: OpenHdf5, path: string): readonly string[] {
  const { library, id, who, ask } = file;
  const { type, metadata, matlabClass, shape } = datasetAt(file, path);
  if (type.kind !== "text") return refuse(who, path, type);
  if (shape === null) return [];
  if (matlabClass === "char") {
    const stored = metadata.size === 1 ? "U8" : metadata.size === 2 ? "U16" : "U32";
    const bytes = bytesOf(file, path, { shape, size: metadata.size, limit: longestText });
    const { data } = readStored(who, path, { stored, shape, bigEndian: false, fortranOrder: true }, bytes, "f64");
    const length = shape.at(-1) ?? 1;
    return Array.from({ length: length === 0 ? 0 : data.length / length }, (_, row) =>
      new TextDecoder("utf-16le").decode(Uint16Array.from(data.subarray(row * length, (row + 1) * length))),
    );
  }
  const total = sizeOf(shape) * metadata.size;
  if (!(total <= longestText)) fail(who, `${path} takes ${total} bytes; texts may take ${longestText}.`, "unsupported");
  if (metadata.vlen) return readTexts(file, path, path, "", sizeOf(shape));
  // `value` returns the one text of no axes by itself.
  const value: unknown = ask(path, () => new library.Dataset(id, path).value);
  return Array.isArray(value) ? value : [String(value)];
}

function readReferences(file: OpenHdf5, path: string): readonly (string | null)[] {
  const { module, id, who } = file;
  const { type, metadata, shape } = datasetAt(file, path);
  if (type.kind !== "references") return refuse(who, path, type);
  if (shape === null) return [];
  const { size } = metadata;
  const bytes = bytesOf(file, path, { shape, size, limit: longestText });
  return Array.from({ length: bytes.length / size }, (_, i) => {
    const reference = bytes.slice(i * size, (i + 1) * size);
    if (reference.every((byte) => byte === 0)) return null;
    return file.ask(`reference ${i} of ${path}`, () => module.get_referenced_name(id, reference, true)) || null;
  });
}
