// A sweep as an array of Slurm: a script for `sbatch`.

/** What a scheduler is asked for. */
export interface Request {
  /** Of the job. */
  readonly name: string;
  /** What each task runs, as words. */
  readonly command: readonly string[];
  readonly tasks: number;
  /** Processors of a task. */
  readonly cpus: number;
  /** Of a task, such as `4G`. */
  readonly memory: string | undefined;
}

/** What {@link slurmScript} is asked for. */
export interface SlurmRequest extends Request {
  /** Where the command runs: the same path on every node. */
  readonly cwd: string;
  /** Where output goes, a file for each task; must be there. */
  readonly logs: string;
  /** Of a task, such as `01:00:00`. */
  readonly time: string | undefined;
}

/**
 * Tasks are put back into the queue if their node fails (`--requeue`), and go on from their checkpoints. A minute before the time is up the
 * task is told to stop, saves a checkpoint, exits with 130, and is put back as well. What `scancel` stops is not.
 */
export function slurmScript({ name, command, tasks, cpus, memory, cwd, logs, time }: SlurmRequest): string {
  const options = [
    `--job-name=${quoted(name)}`,
    `--array=0-${tasks - 1}`,
    "--requeue",
    `--cpus-per-task=${cpus}`,
    ...(memory === undefined ? [] : [`--mem=${memory}`]),
    ...(time === undefined ? [] : [`--time=${time}`, "--signal=B:USR1@60"]),
    `--output=${quoted(`${logs}/%a.txt`)}`,
    "--open-mode=append",
  ];
  return `#!/bin/bash
# A sweep of ${tasks} tasks. Add what your cluster asks for, such as --partition and --account; sbatch --array=3,5 runs some of them.
${options.map((option) => `#SBATCH ${option}\n`).join("")}
cd ${quoted(cwd)} || exit 1
export HOOKE_THREADS="\${SLURM_CPUS_PER_TASK:-${cpus}}"

again=
trap 'again=yes; kill -TERM "$task"' USR1
# Slurm asks all processes of a task to end: the program saves a checkpoint, for which this shell waits.
trap : TERM
${command.map(quoted).join(" ")} &
task=$!
while kill -0 "$task" 2>/dev/null; do wait "$task"; code=$?; done
# 143: before it had begun to listen.
case "$again$code" in yes130 | yes143) scontrol requeue "\${SLURM_ARRAY_JOB_ID}_\${SLURM_ARRAY_TASK_ID}" ;; esac
exit "$code"
`;
}

const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
