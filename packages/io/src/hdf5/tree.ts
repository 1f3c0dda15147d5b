// What is in an HDF5 file: groups, datasets, links. An object that has several names is listed under the first of them, in order of
// depth; its other names are links, so that cycles end.
import { createPauses, fail, type Shape } from "@hooke/runtime";
import { attributesOf, type Hdf5Attribute } from "./attributes.ts";
import { datasetAt } from "./dataset.ts";
import { breathe, type OpenHdf5 } from "./library.ts";
import { typeName } from "./types.ts";

/** A group: names and what they lead to. */
export interface Hdf5Group {
  readonly kind: "group";
  readonly path: string;
  readonly attributes: Readonly<Record<string, Hdf5Attribute>>;
  readonly children: Readonly<Record<string, Hdf5Node>>;
}

/** A dataset. */
export interface Hdf5Dataset {
  readonly kind: "dataset";
  readonly path: string;
  /** Of MATLAB's datasets the shape that MATLAB shows, which the file holds reversed. `null` where there is no value. */
  readonly shape: Shape | null;
  /** How it is stored: `"F32"`, `"I64"`, `"BOOL"`, ..., `"text"`, `"references"`, or another type in words. */
  readonly type: string;
  readonly attributes: Readonly<Record<string, Hdf5Attribute>>;
}

/** A link to something listed elsewhere, to a file, or to nothing. */
export interface Hdf5Link {
  readonly kind: "link";
  readonly path: string;
  readonly target: string;
  /** The other file, of an external link. */
  readonly file?: string;
}

/** A datatype with a name. */
export interface Hdf5Datatype {
  readonly kind: "datatype";
  readonly path: string;
}

export type Hdf5Node = Hdf5Group | Hdf5Dataset | Hdf5Link | Hdf5Datatype;

/** Nobody lists more, and a damaged file can claim any number. */
const mostObjects = 1_000_000;

/** Options of listing a file. */
export interface ListOptions {
  /** Stops the listing; it then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after every object; how many there are, only the end tells. */
  readonly onProgress?: (progress: { readonly objects: number }) => void;
}

/** Everything in a file, the root first. */
export async function listHdf5(file: OpenHdf5, { signal, onProgress }: ListOptions): Promise<Hdf5Group> {
  const { module, id, ask, who } = file;
  const places = new Map<string, string>();
  /** Whether an object was listed before, by its address in the file. */
  const earlier = (path: string): string | undefined => {
    const address = ask(path, () => module.create_object_reference(id, path)).join();
    const place = places.get(address);
    if (place === undefined) places.set(address, path);
    return place;
  };
  earlier("/");
  const root = group(file, "/");
  const queue = [root];
  const pause = createPauses();
  let count = 0;
  for (const parent of queue) {
    for (const name of ask(parent.path, () => module.get_names(id, parent.path, false))) {
      if (++count > mostObjects)
        fail(who, `has more than ${mostObjects} objects; read it with another program.`, "unsupported");
      const path = `${parent.path === "/" ? "" : parent.path}/${name}`;
      const node = linkAt(file, path) ?? nodeAt(file, path, earlier(path));
      (parent.children as Record<string, Hdf5Node>)[name] = node;
      if (node.kind === "group") queue.push(node);
      await breathe(pause, signal, () => onProgress?.({ objects: count }));
    }
  }
  return root;
}

/** A link by name; undefined for an object itself. */
function linkAt({ module, id, ask }: OpenHdf5, path: string): Hdf5Link | undefined {
  const target: string | null = ask(path, () => module.get_symbolic_link(id, path));
  if (target !== null) return { kind: "link", path, target };
  const { filename, obj_path } = ask(path, () => module.get_external_link(id, path));
  return filename === undefined ? undefined : { kind: "link", path, target: obj_path, file: filename };
}

function nodeAt(file: OpenHdf5, path: string, earlier: string | undefined): Hdf5Node {
  if (earlier !== undefined) return { kind: "link", path, target: earlier };
  const { module, id, ask, who } = file;
  const type = ask(path, () => module.get_type(id, path));
  if (type === module.H5G_GROUP) return group(file, path);
  if (type === module.H5G_TYPE) return { kind: "datatype", path };
  if (type === module.H5G_DATASET) return dataset(file, path);
  return fail(who, `${path} is of an unknown kind (${type}): the file is damaged.`, "corrupt-file");
}

function group(file: OpenHdf5, path: string): Hdf5Group {
  return { kind: "group", path, attributes: attributesOf(file, path), children: Object.create(null) };
}

function dataset(file: OpenHdf5, path: string): Hdf5Dataset {
  const { type, shape, attributes } = datasetAt(file, path);
  return { kind: "dataset", path, shape, type: typeName(type), attributes };
}
