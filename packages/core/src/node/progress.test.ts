// The progress line: what a terminal and what a log receive, by a clock under control.

import { dataset, fitPreprocessing, standardize } from "@hooke/data";
import { array } from "@hooke/runtime";
import { describe, expect, test } from "vitest";
import { fit } from "../training/fit.ts";
import { options } from "../training/training.fixture.ts";
import { duration, progressLine } from "./progress.ts";

function recorder(isTTY: boolean, environment: Record<string, string> = {}, columns = 200) {
  const written: string[] = [];
  let now = 0;
  const line = progressLine({
    stream: { write: (text) => written.push(text), isTTY, columns },
    label: "train",
    clock: () => now,
    environment,
  });
  const wait = (milliseconds: number): void => {
    now += milliseconds;
  };
  return { written, line, wait };
}

const fields = { epoch: "1/2", loss: 0.0312345 };

describe("terminal", () => {
  test("one line, rewritten at most ten times a second", () => {
    const { written, line, wait } = recorder(true);
    for (let completed = 0; completed <= 1000; completed++) {
      line.update({ completed, total: 2000, fields });
      wait(1);
    }
    line.finish();
    expect(written.slice(0, -1)).toHaveLength(11);
    expect(written.every((text, i) => i === written.length - 1 || text.startsWith("\r\x1b[2K"))).toBe(true);
    expect(written.at(-2)).toBe(
      "\r\x1b[2K\x1b[2mtrain\x1b[22m  50% · epoch 1/2 · loss 0.03123 · 1,000 steps/s · 1s left",
    );
    expect(written.at(-1)).toBe("\n");
  });

  test("the last state is drawn even if it came too early", () => {
    const { written, line, wait } = recorder(true, { NO_COLOR: "1" });
    line.update({ completed: 0, total: 10 });
    wait(50);
    line.update({ completed: 10, total: 10 });
    line.finish();
    expect(written).toEqual(["\r\x1b[2Ktrain  0%", "\r\x1b[2Ktrain  100% · 200 steps/s · 0s", "\n"]);
  });

  test("cut to the width", () => {
    const { written, line } = recorder(true, { NO_COLOR: "1" }, 12);
    line.update({ completed: 0, total: 10, fields });
    expect(written).toEqual(["\r\x1b[2Ktrain  0% ·"]);
  });

  test("a resumed run does not count earlier work into its rate", () => {
    const { written, line, wait } = recorder(true, { NO_COLOR: "1" });
    line.update({ completed: 900, total: 1000 });
    wait(1000);
    line.update({ completed: 950, total: 1000 });
    expect(written.at(-1)).toBe("\r\x1b[2Ktrain  95% · 50 steps/s · 1s left");
  });
});

test("is a callback of fit", async () => {
  const { written, line } = recorder(false);
  const run = await fit({ ...options({ epochs: 2 }), callbacks: [line] });
  expect(written[0]).toMatch(/^train {2}16% · epoch 1\/2 · loss [\d.]+\n$/);
  expect(written.at(-1)).toMatch(/^train {2}100% · epoch 2\/2 · loss [\d.]+\n$/);
  expect([written.length, run.stopReason]).toEqual([2, "finished"]);
});

test("begins with the warnings of the training, and says them once", async () => {
  const { written, line } = recorder(false);
  const inputs = array([[5], [5]]);
  const train = dataset({ inputs, targets: array([[1], [2]]), inputNames: ["age"] });
  const preprocessing = fitPreprocessing(train, { inputs: standardize() });
  await fit({ ...options({ epochs: 2, data: { train } }), preprocessing, callbacks: [line] });
  expect(written[0]).toMatch(/^warning: standardize: column "age" is constant in the training rows .*\n$/);
  expect(written.filter((text) => text.startsWith("warning"))).toHaveLength(1);
});

test("refuses options that it has not", () => {
  expect(() => progressLine({ lable: "train" } as never)).toThrow(
    'progressLine: received the unknown option "lable". It has "stream", "label", "unit", "clock", "environment". ' +
      'Did you mean "label"?',
  );
});

describe.each([
  ["not a terminal", false, {}],
  ["continuous integration", true, { CI: "true" }],
  ["dumb terminal", true, { TERM: "dumb" }],
])("%s", (_, isTTY, environment) => {
  test("plain lines, seconds apart, without control characters", () => {
    const { written, line, wait } = recorder(isTTY, environment);
    for (let completed = 0; completed <= 12; completed++) {
      line.update({ completed, total: 12, fields });
      wait(1000);
    }
    line.finish();
    expect(written).toEqual([
      "train  0% · epoch 1/2 · loss 0.03123\n",
      "train  41% · epoch 1/2 · loss 0.03123 · 1 steps/s · 7s left\n",
      "train  83% · epoch 1/2 · loss 0.03123 · 1 steps/s · 2s left\n",
      "train  100% · epoch 1/2 · loss 0.03123 · 0.923 steps/s · 13s\n",
    ]);
  });
});

test.each([
  [0, "0s"],
  [59.4, "59s"],
  [59.6, "1:00"],
  [65, "1:05"],
  [3599, "59:59"],
  [7384, "2:03:04"],
])("%d seconds", (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});

test.each([true, false])("a lost device is told in a line of its own, on a terminal: %s", (isTTY) => {
  const { written, line } = recorder(isTTY);
  line.update({ completed: 7, total: 20, fields });
  line.onRecovery({ type: "recovery", reason: "a driver was reset", repeated: 3, epoch: 0, batch: 7, step: 7 });
  const told = "the device was lost after step 7; it is open again, and 3 batches were computed again\n";
  expect(written.at(-1)).toBe(`${isTTY ? "\r\x1b[2K" : ""}${told}`);
});
