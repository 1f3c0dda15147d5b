// A cache of downloaded files in the page's Cache Storage, which outlives it; the parts of a file on its way are in memory.
import type { Gathering, WeightsCache } from "./weights-cache.ts";

/** Keeps files in a storage of this name. Where there is none, as in some runtimes, nothing is kept. */
export function pageCache(name: string): WeightsCache {
  // Browsers have both in secure contexts alone, other runtimes one or none of them.
  const { caches } = globalThis as { readonly caches?: CacheStorage };
  const locks = (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
  const addressOf = (sha256: string): string => `https://hooke.invalid/weights/${sha256}`;
  return {
    async read(sha256) {
      const found = await (await caches?.open(name))?.match(addressOf(sha256));
      return found && new Uint8Array(await found.arrayBuffer());
    },
    async remove(sha256) {
      await (await caches?.open(name))?.delete(addressOf(sha256));
    },
    alone: (sha256, signal, use) =>
      locks === undefined ? use() : (locks.request(`${name} ${sha256}`, signal ? { signal } : {}, use) as never),
    async gather(sha256): Promise<Gathering> {
      let parts: Uint8Array<ArrayBuffer>[] = [];
      let size = 0;
      const bytes = async () => new Uint8Array(await new Blob(parts).arrayBuffer());
      return {
        get size() {
          return size;
        },
        // If-Range would make the browser ask the server of another origin for permission first; the checksum tells versions apart.
        version: undefined,
        async restart() {
          [parts, size] = [[], 0];
        },
        async append(part) {
          parts.push(part as Uint8Array<ArrayBuffer>);
          size += part.length;
        },
        bytes,
        async keep() {
          try {
            await (await caches?.open(name))?.put(addressOf(sha256), new Response(new Blob(parts)));
          } catch (error) {
            // A page that has no room left has its weights all the same, and downloads them again the next time.
            if ((error as Partial<Error>).name !== "QuotaExceededError") throw error;
          }
        },
        close: async () => undefined,
      };
    },
  };
}
