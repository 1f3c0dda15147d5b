// A progress line for terminals: rewritten in place where the stream is one, a plain line now and then where it is a log.
import { type Check, checkOptions } from "@hooke/runtime";
import type { EndEvent, RecoveryEvent, StepEvent } from "../training/events.ts";

/** The part of a stream this needs: `process.stderr` has it. */
export interface ProgressStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface ProgressOptions {
  /** Where the line goes. Default `process.stderr`, so that piped results stay clean. */
  readonly stream?: ProgressStream;
  /** Text before the numbers. */
  readonly label?: string;
  /** What is counted. Default `"steps"`. */
  readonly unit?: string;
  /** Milliseconds. Default `performance.now`. */
  readonly clock?: () => number;
  /** Default `process.env`: `CI` and `TERM=dumb` mean a log, `NO_COLOR` no colour. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** One state of the work. */
export interface Progress {
  /** Units done, including those of an earlier, resumed run. */
  readonly completed: number;
  readonly total: number;
  /** Shown in order, e.g. `{ epoch: "12/200", loss: 0.031 }`. Numbers get four significant digits. */
  readonly fields?: Readonly<Record<string, string | number>>;
}

/** Reports by hand, or as one of the `callbacks` of `fit`: updates done of all that were asked for, epoch and loss; warnings once, before the first; a lost device. */
export interface ProgressLine {
  /** Reports a state. Cheap enough for every step: most calls draw nothing. */
  update(progress: Progress): void;
  /** Draws the last state and ends the line. */
  finish(): void;
  onStep(event: StepEvent): void;
  onRecovery(event: RecoveryEvent): void;
  onEnd(event: EndEvent): void;
}

const terminalInterval = 100;
const logInterval = 5000;

const text: Check = (value) => (typeof value === "string" ? undefined : "a text");
const writable: Check = (value) =>
  typeof (value as { write?: unknown } | null)?.write === "function" ? undefined : "a stream, such as process.stderr";
const record: Check = (value) => (typeof value === "object" && value !== null ? undefined : "a record of texts");
const ticking: Check = (value) => (typeof value === "function" ? undefined : "a function that returns milliseconds");

/**
 * A progress line with share, rate, remaining time and fields. `fit` takes it among its `callbacks`.
 *
 * @example
 * ```ts
 * import { adam, dense, fit, mse } from "@hooke/core";
 * import { dataset } from "@hooke/data";
 * import { progressLine } from "@hooke/core/node";
 * import { array, referenceBackend } from "@hooke/runtime";
 *
 * const train = dataset({ inputs: array([[0], [1]]), targets: array([[1], [3]]) });
 * await fit({ backend: referenceBackend(), model: dense({ units: 1 }), data: { train }, loss: mse(), optimizer: adam(),
 *   learningRate: 1e-2, epochs: 20, batchSize: 2, seed: 0, callbacks: [progressLine({ label: "line" })] });
 * ```
 */
export function progressLine(options: ProgressOptions = {}): ProgressLine {
  checkOptions<ProgressOptions>("progressLine", options, {
    optional: { stream: writable, label: text, unit: text, clock: ticking, environment: record },
  });
  const { stream = process.stderr, label = "", unit = "steps", environment = process.env } = options;
  const clock = options.clock ?? (() => performance.now());
  const isTerminal = stream.isTTY === true && !environment.CI && environment.TERM !== "dumb";
  const dim = (text: string): string => (isTerminal && !environment.NO_COLOR ? `\x1b[2m${text}\x1b[22m` : text);
  const interval = isTerminal ? terminalInterval : logInterval;
  let start: { time: number; completed: number } | undefined;
  let drawnAt = -Infinity;
  let pending: Progress | undefined;
  let warned = false;

  const draw = (progress: Progress, now: number): void => {
    const elapsed = (now - start!.time) / 1000;
    const rate = elapsed > 0 ? (progress.completed - start!.completed) / elapsed : 0;
    const parts = describe(progress, rate, elapsed, unit);
    const text = parts.join(" · ");
    if (isTerminal) {
      const width = (stream.columns ?? 80) - 1;
      const shown = [label, text].filter(Boolean).join("  ").slice(0, width);
      stream.write(`\r\x1b[2K${label && shown.startsWith(label) ? dim(label) + shown.slice(label.length) : shown}`);
    } else {
      stream.write(`${[label, text].filter(Boolean).join("  ")}\n`);
    }
    drawnAt = now;
    pending = undefined;
  };

  const warn = (warnings: readonly string[]): void => {
    if (warned) return;
    warned = true;
    for (const warning of warnings) stream.write(`warning: ${warning}\n`);
  };
  const update = (progress: Progress): void => {
    const now = clock();
    start ??= { time: now, completed: progress.completed };
    pending = progress;
    if (now - drawnAt >= interval) draw(progress, now);
  };
  const finish = (): void => {
    if (pending !== undefined) draw(pending, clock());
    if (isTerminal && start !== undefined) stream.write("\n");
    start = undefined;
    drawnAt = -Infinity;
  };
  return {
    update,
    finish,
    onStep({ step, batches, epoch, epochs, loss, warnings }) {
      warn(warnings);
      update({ completed: step, total: batches * epochs, fields: { epoch: `${epoch + 1}/${epochs}`, loss } });
    },
    onRecovery({ step, repeated }) {
      const line = `the device was lost after step ${step}; it is open again, and ${repeated} batches were computed again`;
      stream.write(`${isTerminal ? "\r\x1b[2K" : ""}${line}\n`);
    },
    onEnd({ warnings }) {
      finish();
      warn(warnings);
      warned = false;
    },
  };
}

function describe({ completed, total, fields = {} }: Progress, rate: number, elapsed: number, unit: string): string[] {
  const share = total > 0 ? Math.floor((100 * completed) / total) : 100;
  const parts = [`${share}%`];
  for (const [name, value] of Object.entries(fields)) {
    parts.push(`${name} ${typeof value === "number" ? Number(value.toPrecision(4)) : value}`);
  }
  if (rate > 0) {
    parts.push(`${rate.toLocaleString("en", { maximumSignificantDigits: 3 })} ${unit}/s`);
    parts.push(completed < total ? `${duration((total - completed) / rate)} left` : duration(elapsed));
  }
  return parts;
}

/** `4s`, `1:05`, `2:03:04`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes}:${two(whole % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}
