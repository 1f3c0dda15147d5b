// One process at a time: a file that its holder touches while it works. A lock that nobody touches was left by a process that has
// ended, on whatever machine, and is taken over.
import { delay } from "@hooke/runtime";
import type { NodeModules } from "./platform.ts";

/** Milliseconds between two looks at another's lock, between two touches of one's own, and without one until a lock is taken over. */
const [look, touch, abandoned] = [100, 2_000, 15_000];

/**
 * Runs `use` while the lock is held. Two processes that take over the same lock at once may both run: what they write must bear that.
 *
 * @param tried calls the file system and says what it refuses
 */
export async function alone<T>(
  { fs }: NodeModules,
  path: string,
  signal: AbortSignal | undefined,
  use: () => Promise<T>,
  tried: <R>(action: string, file: string, call: () => Promise<R>) => Promise<R>,
): Promise<T> {
  const take = async (): Promise<boolean> => {
    try {
      await (await fs.open(path, "wx")).close();
      return true;
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === "EEXIST") return false;
      throw error;
    }
  };
  // By this clock alone: that of another machine may be ahead.
  let [seen, since] = [Number.NaN, performance.now()];
  while (!(await tried("write", path, take))) {
    const touched = await fs.stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Number.NaN,
    );
    if (touched !== seen) [seen, since] = [touched, performance.now()];
    else if (performance.now() - since > abandoned) await fs.rm(path, { force: true });
    await delay(look, signal);
  }
  const now = () => new Date();
  const touching = setInterval(() => void fs.utimes(path, now(), now()).catch(() => undefined), touch);
  try {
    return await use();
  } finally {
    clearInterval(touching);
    await fs.rm(path, { force: true });
  }
}
