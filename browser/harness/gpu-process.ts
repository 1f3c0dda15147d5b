// Ends the GPU process of browsers that this process has started, as a driver that crashes does: all pages lose their devices.
import { execFileSync } from "node:child_process";

/** A process, as `ps` lists it. */
interface Listed {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): readonly Listed[] {
  const text = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8", maxBuffer: 2 ** 26 });
  return text.split("\n").flatMap((line) => {
    const [, id, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return id === undefined ? [] : [{ id: Number(id), parent: Number(parent), command: command! }];
  });
}

/** @returns how many there were */
export function endGpuProcesses(): number {
  const all = processes();
  const parents = new Map(all.map(({ id, parent }) => [id, parent]));
  const isOwn = (id: number | undefined): boolean => id !== undefined && (id === process.pid || isOwn(parents.get(id)));
  const found = all.filter(({ id, command }) => command.includes("--type=gpu-process") && isOwn(id));
  for (const { id } of found) process.kill(id, "SIGKILL");
  return found.length;
}
