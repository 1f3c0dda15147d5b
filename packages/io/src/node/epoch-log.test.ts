// Logs of trainings that are killed at any update and go on from the last checkpoint: the same as those of one that ran through.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adam, type Callback, dense, fit, mse, sequential, type TrainOptions } from "@hooke/core";
import { dataset, metrics, parseCsv } from "@hooke/data";
import { crc32c } from "@hooke/data/safetensors";
import { array, referenceBackend } from "@hooke/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { csvLog, tensorboardLog } from "./epoch-log.ts";

const data = dataset({ inputs: array([[0], [1], [2], [3], [4]]), targets: array([[0], [2], [4], [6], [8]]) });
const options = (validated: boolean): TrainOptions => ({
  backend: referenceBackend(),
  model: sequential([dense({ units: 2, activation: "tanh" }), dense({ units: 1 })]),
  data: { train: data, ...(validated && { validation: data }) },
  loss: mse(),
  optimizer: adam(),
  learningRate: 1e-2,
  epochs: 3,
  batchSize: 2,
  seed: 0,
  metrics: validated ? [metrics.rmse] : [],
});

/** Events of a file as TensorBoard sees them, without their times: read byte by byte, by no code of this package. */
function eventsOf(file: Uint8Array): unknown[] {
  const events: unknown[] = [];
  const fieldsOf = (bytes: Uint8Array): [field: number, value: number | Uint8Array][] => {
    const fields: [number, number | Uint8Array][] = [];
    let at = 0;
    const varint = (): number => {
      let value = 0;
      for (let shift = 1; ; shift *= 128) {
        const byte = bytes[at++]!;
        value += (byte & 127) * shift;
        if (byte < 128) return value;
      }
    };
    while (at < bytes.length) {
      const key = varint();
      const wire = key & 7;
      if (wire === 0) fields.push([key >> 3, varint()]);
      else {
        const length = wire === 1 ? 8 : wire === 5 ? 4 : varint();
        const part = bytes.slice(at, at + length);
        at += length;
        fields.push([key >> 3, wire === 5 ? new DataView(part.buffer).getFloat32(0, true) : part]);
      }
    }
    return fields;
  };
  const text = (bytes: unknown): string => new TextDecoder().decode(bytes as Uint8Array);
  const view = new DataView(file.buffer, file.byteOffset);
  const unmask = (crc: number): number => {
    const turned = (crc - 0xa282ead8) >>> 0;
    return ((turned >>> 17) | (turned << 15)) >>> 0;
  };
  for (let at = 0; at < file.length; ) {
    const length = Number(view.getBigUint64(at, true));
    expect(unmask(view.getUint32(at + 8, true))).toBe(crc32c(file.subarray(at, at + 8)));
    const bytes = file.subarray(at + 12, at + 12 + length);
    expect(unmask(view.getUint32(at + 12 + length, true))).toBe(crc32c(bytes));
    const fields = new Map(fieldsOf(bytes));
    const values = fields.has(5)
      ? fieldsOf(fields.get(5) as Uint8Array).map(([, each]) => new Map(fieldsOf(each as Uint8Array)))
      : [];
    events.push([fields.get(2) ?? text(fields.get(3)), ...values.map((value) => [text(value.get(1)), value.get(2)])]);
    at += length + 16;
  }
  return events;
}

describe("logs of epochs", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hooke-log-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const logs = {
    csv: {
      path: () => join(folder, "log.csv"),
      open: () => csvLog(join(folder, "log.csv")),
      shown: (file: Uint8Array) => Buffer.from(file).toString(),
    },
    tensorboard: {
      path: () => join(folder, "events.out.tfevents.hooke"),
      open: () => tensorboardLog(folder),
      shown: (file: Uint8Array) => eventsOf(Uint8Array.from(file)),
    },
  };

  it.each([
    ["csv", true],
    ["csv", false],
    ["tensorboard", true],
    ["tensorboard", false],
  ] as const)("%s, validated: %s", async (kind, validated) => {
    const { path, open, shown } = logs[kind];
    const moments: { file: Uint8Array; checkpoint: Uint8Array }[] = [];
    let checkpoint: Uint8Array | undefined;
    const look = async (): Promise<void> => {
      if (checkpoint !== undefined) moments.push({ file: await readFile(path()), checkpoint });
    };
    const watch: Callback = { onStep: look, onEpoch: look, onValidation: look, onCheckpoint: look };
    const save = (bytes: Uint8Array): void => {
      checkpoint = bytes.slice();
    };
    const whole = await fit({ ...options(validated), checkpoint: { every: 2, save }, callbacks: [open(), watch] });
    const expected = shown(await readFile(path()));

    expect(moments.length).toBeGreaterThan(8);
    for (const { file, checkpoint: resume } of moments.filter((_, i) => i % 3 === 0)) {
      for (const cut of [0, 5]) {
        await writeFile(path(), file.subarray(0, Math.max(0, file.length - cut)));
        await fit({ ...options(validated), resume, callbacks: [open()] });
        expect(shown(await readFile(path()))).toEqual(expected);
      }
    }
    if (kind === "csv") {
      const { columns } = parseCsv(expected as string);
      expect(columns.find(({ name }) => name === "loss")!.values).toEqual(
        Float64Array.from(whole.history, ({ loss }) => loss),
      );
      await writeFile(path(), "a,b");
      await expect(fit({ ...options(validated), callbacks: [open()] })).rejects.toThrow(
        "does not begin with epoch,step, and is no log",
      );
      await rm(path());
    } else {
      const tags = validated
        ? ["loss", "learningRate", "validation/loss", "validation/rmse"]
        : ["loss", "learningRate"];
      const records = whole.history.map(({ step, loss, learningRate, validation }) => {
        const values = [loss, learningRate, ...(validation ? [validation.loss, validation.metrics.rmse!] : [])];
        return [step, ...tags.map((tag, i) => [tag, Math.fround(values[i]!)])];
      });
      expect(expected).toEqual(["brain.Event:2", ...records].map((each) => (Array.isArray(each) ? each : [each])));
      // How every file that TensorFlow writes begins: 24 bytes, and their number's checksum.
      expect(
        Buffer.from(await readFile(path()))
          .subarray(0, 12)
          .toString("hex"),
      ).toBe("1800000000000000a37f4b22");
      const damaged = (await readFile(path())).map((byte, i) => (i === 20 ? byte ^ 1 : byte));
      await writeFile(path(), damaged);
      await expect(fit({ ...options(validated), callbacks: [open()] })).rejects.toThrow("is damaged");
      await rm(path());
    }
  });
});
