// Caches of features: entries by name, each known by all that it depends on.

import { type TrainedModel, trainedModelCheck } from "@hooke/core";
import { decodeSafetensors, encodeSafetensors } from "@hooke/data/safetensors";
import { checkArgument, fail, HookeError, type HostArray, type Tree, treeLeaves } from "@hooke/runtime";

/** Keeps bytes by name. `featureFolder` of `@hooke/transfer/node` does in a folder, {@link featureStorage} in a page. */
export interface FeatureCache {
  /** What was written under the name; undefined where nothing was. */
  read(name: string): Promise<Uint8Array | undefined>;
  write(name: string, bytes: Uint8Array): Promise<void>;
}

/**
 * A cache in the page's Cache Storage, which outlives it. Needs a secure context: https, or localhost.
 *
 * @param name of the storage. Default `"hooke-features"`
 */
export function featureStorage(name = "hooke-features"): FeatureCache {
  const storage = async (): Promise<Cache> => {
    const { caches } = globalThis as { readonly caches?: CacheStorage };
    const cure = "serve the page by https or from localhost, or leave the cache out";
    return caches?.open(name) ?? fail("featureStorage", `there is no Cache Storage here; ${cure}.`, "unavailable");
  };
  const address = (entry: string): string => `https://hooke.invalid/features/${entry}`;
  return {
    async read(entry) {
      const found = await (await storage()).match(address(entry));
      return found && new Uint8Array(await found.arrayBuffer());
    },
    async write(entry, bytes) {
      await (await storage()).put(address(entry), new Response(bytes as Uint8Array<ArrayBuffer>));
    },
  };
}

/** What entries of one run have in common, before the image. */
export interface Origin {
  readonly backend: string;
  /** Of the network: its layers and variables. */
  readonly network: string;
  readonly layer: string;
  readonly views: string;
}

/** SHA-256 of texts and arrays, in hexadecimal. */
export async function sha256(parts: readonly (string | HostArray)[]): Promise<string> {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) {
    const cure = "serve the page by https or from localhost, or leave the cache out";
    return fail("features", `there is no SHA-256 here to name entries of the cache by; ${cure}.`, "unavailable");
  }
  const hex = async (bytes: Uint8Array): Promise<string> =>
    Array.from(new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)), (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join("");
  const encoder = new TextEncoder();
  const texts: string[] = [];
  for (const part of parts) {
    if (typeof part === "string") texts.push(JSON.stringify(part));
    else {
      const { data } = part;
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      texts.push(`${part.dtype}[${part.shape}] ${await hex(bytes)}`);
    }
  }
  return hex(encoder.encode(texts.join("\n")));
}

/** SHA-256 of a model: its layers, its input, its preprocessing and every number of its variables. */
export async function modelHash(model: TrainedModel): Promise<string> {
  checkArgument("modelHash", "the model", model, trainedModelCheck);
  const { layer, inputShape, variables, preprocessing } = model;
  const leaves = treeLeaves<HostArray>([variables.params, variables.state] as Tree<HostArray>);
  const rest = JSON.stringify([layer, inputShape, preprocessing?.inputs ?? []]);
  return sha256([rest, ...leaves.flatMap(({ path, value }) => [path, value])]);
}

/** The name of an image's entry. The first number is that of the way features are computed: raise it where that changes them. */
export const entryName = ({ backend, network, layer, views }: Origin, image: HostArray): Promise<string> =>
  sha256(["1", backend, network, layer, views, image]);

/** Features of an image, `[views, width]`, as the entry of a name. */
export const encodeEntry = (name: string, features: HostArray): Uint8Array =>
  encodeSafetensors({ features }, { name }, { checksum: true });

/** An entry's features; undefined where it is damaged, or that of another name: they are computed again. */
export function decodeEntry(name: string, bytes: Uint8Array): HostArray | undefined {
  try {
    const { tensors, metadata } = decodeSafetensors(bytes);
    return metadata.name === name ? tensors.features : undefined;
  } catch (error) {
    if (error instanceof HookeError) return undefined;
    throw error;
  }
}
