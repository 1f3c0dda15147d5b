// Where checkpoints go: opened before a training starts, closed however it ends, and named where one cannot be saved.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail, HookeError } from "@hooke/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeCheckpoint } from "../checkpoint/checkpoint.ts";
import { checkpointFile } from "../node/checkpoint-file.ts";
import type { CheckpointOptions } from "./options.ts";
import { train } from "./train.ts";
import { collect, options, plainModel } from "./training.fixture.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hooke-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A place that notes what happens to it. */
function place(differing: Partial<CheckpointOptions> = {}): { calls: string[]; checkpoint: CheckpointOptions } {
  const calls: string[] = [];
  const note = (call: string) => (): void => void calls.push(call);
  return {
    calls,
    checkpoint: { every: "epoch", open: note("open"), save: note("save"), close: note("close"), ...differing },
  };
}

describe("the place of checkpoints is opened first and closed last", () => {
  it("when the training ends", async () => {
    const { calls, checkpoint } = place();
    await collect(train(options({ checkpoint })));
    expect(calls).toEqual(["open", "save", "save", "save", "close"]);
  });

  it("when the loop is left", async () => {
    const { calls, checkpoint } = place();
    for await (const { type } of train(options({ checkpoint }))) if (type === "epoch") break;
    expect(calls).toEqual(["open", "close"]);
  });

  it("when it is aborted", async () => {
    const { calls, checkpoint } = place();
    await collect(train(options({ checkpoint, signal: AbortSignal.abort() })));
    expect(calls).toEqual(["open", "save", "close"]);
  });

  it("when it cannot start", async () => {
    const { calls, checkpoint } = place();
    const resume = Uint8Array.of(1, 2, 3);
    await expect(collect(train(options({ checkpoint, resume })))).rejects.toThrow("checkpoint: the file has 3 bytes");
    expect(calls).toEqual(["open", "close"]);
  });

  it("and not at all where options are wrong", async () => {
    const { calls, checkpoint } = place();
    await expect(collect(train(options({ checkpoint, monitor: "nothing" })))).rejects.toThrow("nothing");
    await expect(collect(train(undefined as never))).rejects.toThrow(HookeError);
    expect(calls).toEqual([]);
  });

  it("when a checkpoint cannot be saved, which says what there is to go on from", async () => {
    let count = 0;
    const { calls, checkpoint } = place({
      save: () => (count++ === 1 ? fail("disk", "is full.", "file-system") : undefined),
    });
    const error = await collect(train(options({ checkpoint }))).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(HookeError);
    expect((error as HookeError).code).toBe("file-system");
    expect((error as HookeError).message).toBe(
      "train: the checkpoint of step 6 was not saved: disk: is full. The last one saved is of step 3.",
    );
    expect(calls).toEqual(["open", "close"]);
  });

  it("and is left alone where it refuses", async () => {
    const { calls, checkpoint } = place({ open: () => fail("place", "is taken.", "in-use") });
    await expect(collect(train(options({ checkpoint })))).rejects.toThrow("place: is taken.");
    expect(calls).toEqual([]);
  });
});

it("two trainings do not share a run folder; a third comes in when the first has ended, and resumes it", async () => {
  const path = join(folder, "checkpoint.safetensors");
  const given = (name: string) => options({ checkpoint: { every: "epoch", ...checkpointFile(join(folder, name)) } });
  const first = train(given("checkpoint.safetensors"));
  await first.next();
  await expect(collect(train(given("other.safetensors")))).rejects.toThrow(
    "is in use by another training of this process",
  );
  for await (const _ of first);
  expect(decodeCheckpoint(await readFile(path), { layer: plainModel() }).training.epoch).toBe(3);
  const resume = await readFile(path);
  const events = await collect(train({ ...given("checkpoint.safetensors"), epochs: 4, resume }));
  expect(events.at(-1)).toMatchObject({ type: "end", epoch: 4 });
  expect(await readdir(folder)).toEqual(["checkpoint.safetensors"]);
});
