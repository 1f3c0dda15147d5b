// Where the bytes of a file come from: given, from the disk, or from the network by way of a cache.
import { type Check, checks, fail, show } from "@hooke/runtime";
import { diskCache, userCacheFolder } from "./disk-cache.ts";
import { addressName, type DownloadProgress, download } from "./download.ts";
import { pageCache } from "./page-cache.ts";
import { type NodeModules, nodeModules } from "./platform.ts";
import { checkSha256, sha256Of } from "./sha256.ts";

/** An address (http or https), a path or a file URL, in Node, or bytes. */
export type WeightsSource = string | URL | Uint8Array;

/** What decides how a file is got. */
export interface SourceOptions {
  /**
   * SHA-256 of the file, 64 hexadecimal digits; another file is refused. Needed with an address, whose content may change: it is also
   * what the file is kept by. Default, of paths and bytes: any file.
   */
  readonly sha256?: string;
  /**
   * Where downloaded files are kept: in Node a folder, by default `hooke/weights` in the user's cache folder (`~/.cache`,
   * `~/Library/Caches`, `%LOCALAPPDATA%`), or `weights` in the folder that `HOOKE_CACHE` names; in a page the name of a Cache Storage, by
   * default `"hooke-weights"`.
   */
  readonly cache?: string;
  /** How often a download that fails is tried again, after half a second, and twice as long each time. Default 4. */
  readonly retries?: number;
  /** Seconds without a byte after which a try has failed. Default 30. */
  readonly timeout?: number;
  /** Stops the download; what arrived is kept in Node, and the next call goes on from there. */
  readonly signal?: AbortSignal;
  /** Called whenever bytes arrive; not at all where the file is in the cache. */
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** Checks of {@link SourceOptions}. */
export const sourceChecks: { readonly [K in keyof SourceOptions]-?: Check } = {
  sha256: (value) =>
    typeof value === "string" && /^[0-9a-fA-F]{64}$/.test(value)
      ? undefined
      : "64 hexadecimal digits, as sha256sum prints them",
  cache: (value) => (typeof value === "string" && value !== "" ? undefined : "a folder, or a name in a page"),
  retries: checks.wholeNumber,
  timeout: checks.positive,
  signal: checks.signal,
  onProgress: (value) => (typeof value === "function" ? undefined : "a function"),
};

/** A file that was got. */
export interface Got {
  readonly bytes: Uint8Array;
  /** What messages call it. */
  readonly name: string;
  /** Reads a file that lies in the same folder; undefined where there is no folder. */
  readonly beside?: (path: string) => Promise<Uint8Array>;
}

/** The bytes of a file and what messages call it. */
export async function bytesOf(source: WeightsSource, options: SourceOptions): Promise<Got> {
  options.signal?.throwIfAborted();
  const address = addressOf(source);
  if (address !== undefined) return { bytes: await cached(address, options), name: addressName(address) };
  const got = await read(source);
  if (options.sha256 !== undefined) await checkSha256(got.bytes, options.sha256, got.name);
  return got;
}

function addressOf(source: WeightsSource): URL | undefined {
  if (source instanceof URL) return /^https?:$/.test(source.protocol) ? source : undefined;
  if (typeof source !== "string" || !/^https?:\/\//i.test(source)) return undefined;
  return URL.canParse(source)
    ? new URL(source)
    : fail("loadWeights", `received ${show(source)} as the source, which is no address; correct it.`);
}

/** The file at an address, from the cache where it is there, and there afterwards. */
async function cached(url: URL, options: SourceOptions): Promise<Uint8Array> {
  const { retries = 4, timeout = 30, signal, onProgress } = options;
  const name = addressName(url);
  const sha256 =
    options.sha256?.toLowerCase() ??
    fail(
      name,
      "needs the option sha256: what an address leads to may change, and with it every number of the model. Give the checksum " +
        "that the publisher states, or that sha256sum prints of a file you trust.",
    );
  const cache = cacheAt(options.cache);
  const kept = async (): Promise<Uint8Array | undefined> => {
    const bytes = await cache.read(sha256);
    if (bytes === undefined || (await sha256Of(bytes)) === sha256) return bytes;
    await cache.remove(sha256);
    return undefined;
  };
  const found = await kept();
  if (found !== undefined) return found;
  return cache.alone(sha256, signal, async () => {
    // Another process may have downloaded it meanwhile.
    const downloaded = await kept();
    if (downloaded !== undefined) return downloaded;
    const gathering = await cache.gather(sha256);
    try {
      const bytes = await download(url, sha256, gathering, { retries, timeout, signal, onProgress });
      await gathering.keep();
      return bytes;
    } finally {
      await gathering.close();
    }
  });
}

function cacheAt(place: string | undefined) {
  const modules = nodeModules();
  if (modules === undefined) return pageCache(place ?? "hooke-weights");
  return diskCache(modules, place ?? modules.path.join(userCacheFolder(modules), "weights"));
}

async function read(source: WeightsSource): Promise<Got> {
  if (source instanceof Uint8Array) return { bytes: source, name: "weights" };
  if (source instanceof URL && source.protocol === "file:") return read(nodeModules()?.url.fileURLToPath(source) ?? "");
  if (typeof source === "string" && source !== "") {
    const modules =
      nodeModules() ??
      fail("loadWeights", `cannot read ${source}: there are no paths here. Give an address or bytes.`, "unavailable");
    const { dirname, join } = modules.path;
    return {
      bytes: await readFile(modules, source),
      name: source,
      beside: (path) => readFile(modules, join(dirname(source), path)),
    };
  }
  return fail(
    "loadWeights",
    `received ${show(source)} as the source; expected an address (http or https), a path, a file URL or bytes (a Uint8Array).`,
  );
}

async function readFile({ fs }: NodeModules, path: string): Promise<Uint8Array> {
  try {
    return await fs.readFile(path);
  } catch (error) {
    return fail("loadWeights", `cannot read ${path}: ${(error as Error).message}.`, "file-system");
  }
}
