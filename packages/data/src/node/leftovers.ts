// Temporary files: named after the process that writes them, so that those of a process that was killed can be told and removed.
import { randomBytes } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isRunning, thisProcess } from "./process-identity.ts";

const pattern = /\.([0-9a-f]{8})-(\d{1,10})-([0-9a-z]+)\.[0-9a-f]{8}\.tmp$/;

/** A new path beside `path`, hidden. */
export function temporaryPath(path: string): string {
  const { machine, pid, started } = thisProcess();
  // A name may be as long as the system allows; a part of it is enough to recognise it by.
  const name = basename(path).slice(0, 40);
  return join(dirname(path), `.${name}.${machine}-${pid}-${started}.${randomBytes(4).toString("hex")}.tmp`);
}

/** Removes the temporary files in a folder whose writers have ended. What cannot be removed stays. */
export async function removeLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, machine, pid, started] = pattern.exec(name) ?? [];
    if (machine === undefined) continue;
    const writer = { machine, pid: Number(pid), started: started! };
    if (isRunning(writer) === false) await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}
