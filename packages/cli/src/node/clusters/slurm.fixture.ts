// A Slurm of the test's own on this machine: a controller and four nodes, each a daemon with a name and a port, in a temporary folder.
import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, chmodSync, constants, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const path = ["/usr/sbin", "/usr/bin", "/sbin", "/bin", ...(process.env.PATH ?? "").split(":")];
const env = { ...process.env, PATH: path.join(":") };
const programs = ["munged", "slurmctld", "slurmd", "sbatch", "squeue", "sinfo", "scontrol", "scancel"];

/** Why there is no Slurm to test with; undefined where there is. */
export function slurmMissing(): string | undefined {
  const there = (name: string): boolean => path.some((folder) => isProgram(join(folder, name)));
  const missing = programs.filter((name) => !there(name));
  return missing.length === 0
    ? undefined
    : `no ${missing.join(", ")}: apt-get install slurmctld slurmd slurm-client munge`;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Slurm {
  /** Output of a command of Slurm's, such as `squeue`. */
  command(program: string, ...args: string[]): Promise<string>;
  /** Kills a node: its daemon, and all that it runs, at once and without a word to the controller. @returns the tasks that it was at */
  kill(node: string): number[];
  /** Tells a task that its time is almost up, as Slurm does of a job with `--signal=B:USR1@60`: a signal to its script. */
  warn(task: number): void;
  /** Ends all of it. */
  stop(): Promise<void>;
}

/** @param folder of its own */
export async function startSlurm(folder: string): Promise<Slurm> {
  const [control, ...nodes] = await freePorts(5);
  const socket = join(folder, "munge.socket");
  // Others must reach the socket.
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "munge.key"), randomBytes(128), { mode: 0o600 });
  for (const name of ["state", ...nodes.map((_, i) => `n${i}`)]) mkdirSync(join(folder, name));
  const config = join(folder, "slurm.conf");
  const user = userInfo().username;
  const lines = [
    "ClusterName=test",
    `SlurmctldHost=${hostname()}(127.0.0.1)`,
    `SlurmUser=${user}`,
    `SlurmdUser=${user}`,
    // A job that is put back waits until what was signed for it has expired: 120 s if nothing is said.
    `AuthInfo=cred_expire=5,socket=${socket}`,
    `StateSaveLocation=${join(folder, "state")}`,
    `SlurmdSpoolDir=${join(folder, "%n")}`,
    `SlurmctldPidFile=${join(folder, "slurmctld.pid")}`,
    `SlurmdPidFile=${join(folder, "%n.pid")}`,
    `SlurmctldLogFile=${join(folder, "slurmctld.log")}`,
    `SlurmdLogFile=${join(folder, "%n.log")}`,
    `SlurmctldPort=${control}`,
    "ProctrackType=proctrack/linuxproc",
    "TaskPlugin=task/none",
    "JobAcctGatherType=jobacct_gather/none",
    "SelectType=select/linear",
    "SlurmdParameters=config_overrides",
    "SlurmdTimeout=3",
    ...nodes.map((port, i) => `NodeName=n${i} NodeHostname=${hostname()} NodeAddr=127.0.0.1 Port=${port} CPUs=1`),
    "PartitionName=all Nodes=ALL Default=YES State=UP",
  ];
  writeFileSync(config, `${lines.join("\n")}\n`);
  const own = { ...env, SLURM_CONF: config };
  const daemons = [
    spawn(
      "munged",
      ["--foreground", "--num-threads=2", `--key-file=${join(folder, "munge.key")}`, `--socket=${socket}`].concat(
        ["pid", "log", "seed"].map((name) => `--${name}-file=${join(folder, `munge.${name}`)}`),
      ),
      { env: own, stdio: "ignore" },
    ),
  ];
  await until(() => readdirSync(folder).includes("munge.socket"), "munged");
  daemons.push(spawn("slurmctld", ["-D"], { env: own, stdio: "ignore" }));
  for (const i of nodes.keys()) daemons.push(spawn("slurmd", ["-D", "-N", `n${i}`], { env: own, stdio: "ignore" }));
  const command = async (program: string, ...args: string[]): Promise<string> =>
    (await run(program, args, { env: own })).stdout;
  await until(
    async () => {
      const states = await command("sinfo", "--noheader", "--Node", "--format=%t").catch(() => "");
      return states.split("\n").filter((state) => state === "idle").length === nodes.length;
    },
    "slurmd",
    20,
  );
  return {
    command,
    kill(node) {
      const jobs = processes().filter(({ environment }) => environment.SLURMD_NODENAME === node);
      // Each job has a process of Slurm's above it, which would tell the controller how the job ended.
      const above = jobs.map(({ parent }) => parent).filter((pid) => isStep(pid));
      const daemon = Number(readFileSync(join(folder, `${node}.pid`), "utf8"));
      for (const pid of [daemon, ...new Set(above), ...jobs.map(({ pid }) => pid)]) end(pid);
      return [...new Set(jobs.map(({ environment }) => Number(environment.SLURM_ARRAY_TASK_ID)))];
    },
    warn(task) {
      const script = processes().find(
        ({ parent, environment }) => environment.SLURM_ARRAY_TASK_ID === String(task) && isStep(parent),
      );
      process.kill(script!.pid, "SIGUSR1");
    },
    async stop() {
      execFileSync("scancel", ["--user", user], { env: own });
      for (const daemon of daemons.reverse()) {
        if (daemon.exitCode !== null || daemon.signalCode !== null) continue;
        daemon.kill();
        await new Promise((resolve) => daemon.once("close", resolve));
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

function processes(): Process[] {
  const numbers = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return numbers.flatMap((name) => {
    try {
      const [text, status] = ["environ", "status"].map((file) => readFileSync(`/proc/${name}/${file}`, "utf8"));
      const environment = Object.fromEntries(
        text!.split("\0").map((pair) => [pair.split("=", 1)[0]!, pair.slice(pair.indexOf("=") + 1)]),
      );
      return [{ pid: Number(name), parent: Number(/^PPid:\s*(\d+)/m.exec(status!)![1]), environment }];
    } catch {
      return [];
    }
  });
}

function isStep(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("slurmstepd");
  } catch {
    return false;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It went with the one before.
  }
}

/** @param what is waited for */
export async function until(done: () => boolean | Promise<boolean>, what: string, seconds = 50): Promise<void> {
  for (const start = performance.now(); !(await done()); await pause(200)) {
    if (performance.now() - start > seconds * 1000) throw new Error(`waited ${seconds} s for ${what}`);
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise((resolve) => server.once("listening", resolve));
      return (server.address() as { readonly port: number }).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
