// A cache of downloaded files in a folder. A file has the name of its checksum once it is whole; before, ".part" stands behind it.
import { fail } from "@hooke/runtime";
import { alone } from "./lock-file.ts";
import type { NodeModules } from "./platform.ts";
import type { Gathering, WeightsCache } from "./weights-cache.ts";

/** Where programs keep what they can get again, by the conventions of the platform. `HOOKE_CACHE` states another folder. */
export function userCacheFolder({ os, path }: NodeModules): string {
  const { HOOKE_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (HOOKE_CACHE) return HOOKE_CACHE;
  const home = os.homedir();
  if (process.platform === "darwin") return path.join(home, "Library", "Caches", "hooke");
  if (process.platform === "win32") return path.join(LOCALAPPDATA || path.join(home, "AppData", "Local"), "hooke");
  // The convention has it that a path that is not absolute is ignored.
  const base = XDG_CACHE_HOME !== undefined && path.isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : undefined;
  return path.join(base ?? path.join(home, ".cache"), "hooke");
}

const isMissing = (error: unknown): boolean => (error as { readonly code?: unknown }).code === "ENOENT";

/** Keeps files in a folder, which is made where there is none. Several processes may share it. */
export function diskCache(modules: NodeModules, folder: string): WeightsCache {
  const { fs, path } = modules;
  /** @throws where the operating system refuses, with the cure */
  const tried = async <T>(action: string, file: string, call: () => Promise<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      return fail(
        "loadWeights",
        `cannot ${action} ${file}: ${(error as Error).message}. Make room or change the permissions there, or choose another ` +
          "folder: the option cache, or HOOKE_CACHE.",
        "file-system",
      );
    }
  };
  const fileOf = (sha256: string): string => path.join(folder, sha256);
  const readIfThere = (file: string): Promise<Uint8Array | undefined> =>
    tried("read", file, () =>
      fs.readFile(file).catch((error: unknown) => {
        if (isMissing(error)) return undefined;
        throw error;
      }),
    );

  return {
    read: (sha256) => readIfThere(fileOf(sha256)),
    remove: (sha256) => tried("remove", fileOf(sha256), () => fs.rm(fileOf(sha256), { force: true })),
    async alone(sha256, signal, use) {
      await tried("make", folder, () => fs.mkdir(folder, { recursive: true }));
      return alone(modules, `${fileOf(sha256)}.lock`, signal, use, tried);
    },
    async gather(sha256): Promise<Gathering> {
      const [file, part, versionFile] = [fileOf(sha256), `${fileOf(sha256)}.part`, `${fileOf(sha256)}.version`];
      const handle = await tried("write", part, () => fs.open(part, "a"));
      let { size } = await tried("read", part, () => handle.stat());
      const known = size === 0 ? undefined : await readIfThere(versionFile);
      let version = known && new TextDecoder().decode(known);
      return {
        get size() {
          return size;
        },
        get version() {
          return version;
        },
        async restart(next) {
          await tried("write", part, () => handle.truncate(0));
          [size, version] = [0, next];
          await tried("write", versionFile, () =>
            next === undefined ? fs.rm(versionFile, { force: true }) : fs.writeFile(versionFile, next),
          );
        },
        async append(bytes) {
          await tried("write", part, () => handle.appendFile(bytes));
          size += bytes.length;
        },
        bytes: () => tried("read", part, () => fs.readFile(part)),
        async keep() {
          await tried("write", part, () => handle.sync());
          await handle.close();
          await tried("write", file, () => fs.rename(part, file));
          await tried("remove", versionFile, () => fs.rm(versionFile, { force: true }));
        },
        async close() {
          await handle.close();
          if (size === 0) await fs.rm(part, { force: true });
        },
      };
    },
  };
}
