// What of a machine can run many trainings: its processors, and the programs of schedulers.
import { execFile } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import { promisify } from "node:util";

/** A way to run more than one process can. */
export interface Means {
  readonly name: string;
  readonly available: boolean;
  /** What there is, or what to do for it. */
  readonly says: string;
}

interface Program {
  readonly name: string;
  /** Says its version. */
  readonly command: readonly [program: string, ...args: string[]];
  readonly use: string;
  readonly absent: string;
}

const programs: readonly Program[] = [
  {
    name: "Slurm",
    command: ["sbatch", "--version"],
    use: "hooke sweep --slurm writes a script for it",
    absent: "hooke sweep --slurm writes a script for a machine that has it",
  },
  {
    name: "Kubernetes",
    command: ["kubectl", "version", "--client"],
    use: "hooke sweep --kubernetes writes a manifest for it",
    absent: "hooke sweep --kubernetes writes a manifest for a machine that has it",
  },
];

/** What is here for many trainings. */
export async function meansHere(): Promise<readonly Means[]> {
  const [processors, gigabytes] = [availableParallelism(), Math.round(totalmem() / 2 ** 30)];
  const here = {
    name: "this machine",
    available: true,
    says: `hooke sweep runs ${processors} processes at once (${processors} processors, ${gigabytes} GiB of memory)`,
  };
  return [here, ...(await Promise.all(programs.map(meansBy)))];
}

async function meansBy({ name, command: [program, ...args], use, absent }: Program): Promise<Means> {
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 5000 });
    return { name, available: true, says: `${stdout.trim().split("\n")[0]}; ${use}` };
  } catch (error) {
    const { code, stderr = "" } = error as { readonly code?: string | number; readonly stderr?: string };
    if (code === "ENOENT") return { name, available: false, says: `there is no ${program} here; ${absent}` };
    const said = stderr.trim().split("\n").at(-1) || `exit code ${code}`;
    return { name, available: false, says: `${program} is here and does not run: ${said}` };
  }
}
