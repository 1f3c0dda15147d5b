// Which process this is, in a form that another one can check after it is gone: its number alone may have been given anew.
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { crc32c } from "../safetensors/crc32c.ts";

/** A process, as a lock or the name of a temporary file keeps it. */
export interface ProcessIdentity {
  /** Of the machine's name: eight digits. */
  readonly machine: string;
  readonly pid: number;
  /** When it started, as its machine counts; letters and digits. */
  readonly started: string;
}

const machine = (): string => crc32c(new TextEncoder().encode(hostname())).toString(16).padStart(8, "0");

/** On Linux: state and start of a process, the start in ticks of this run of the system. Undefined elsewhere, and if it is gone. */
function statusOf(pid: number): { readonly state: string; readonly started: string } | undefined {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in front stands in parentheses and may hold anything.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0]!, started: `${boot}t${Number(fields[19]).toString(36)}` };
  } catch {
    return undefined;
  }
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  const { pid } = process;
  // Elsewhere the second it started in.
  const started = statusOf(pid)?.started ?? `s${Math.round(Date.now() / 1000 - process.uptime()).toString(36)}`;
  return { machine: machine(), pid, started };
}

/**
 * Whether a process still runs; `"unknown"` for one of another machine, which cannot be asked from here. Where the system does not
 * tell when a process started, one with the same number counts as the same.
 */
export function isRunning({ machine: where, pid, started }: ProcessIdentity): boolean | "unknown" {
  if (where !== machine()) return "unknown";
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Anything but "no such process" comes from one that is there.
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const status = statusOf(pid);
  if (status === undefined) return true;
  // A zombie has ended; nobody has asked for its result yet.
  return !["Z", "X"].includes(status.state) && status.started === started;
}
