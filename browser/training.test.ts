// Training in a worker of a page: responsive, with progress, cancelled, reloaded and resumed to the same bits.

import { wasmBackend } from "@hooke/backend-wasm";
import { type EndEvent, train } from "@hooke/core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { watchMainThread } from "./harness/long-tasks.ts";
import { type Site, serve } from "./harness/serve.ts";
import { digest } from "./pages/digest.ts";
import { stepsPerEpoch, surrogate } from "./pages/surrogate.ts";
import type { TrainInWorker } from "./pages/training.ts";

/** How long a training of a few seconds may take on a busy machine, in ms. */
const patience = 180_000;

const trainInWorker = (page: Page, options: TrainInWorker) =>
  page.evaluate((given) => window.trainInWorker(given), options);

async function digestInNode(epochs: number): Promise<string> {
  let end: Promise<string> | undefined;
  for await (const event of train({ ...surrogate(epochs), backend: wasmBackend() })) {
    if (event.type === "end") end = digest(event satisfies EndEvent);
  }
  return end!;
}

describe.skipIf(skipped)(`training in a worker in Chromium${skipped}`, () => {
  let browser: Browser;
  let scripts: ReadonlyMap<string, string>;
  beforeAll(async () => {
    [browser, scripts] = await Promise.all([sharedBrowser(), bundle(["training", "training-worker"])]);
  });
  afterAll(() => closePages(browser));

  describe.each([
    { isolated: false, backend: "wasm", epochs: 40, checkpointEvery: 25 },
    { isolated: true, backend: "wasm", epochs: 40, checkpointEvery: 25 },
    // On the processor, a WebGPU step of this size takes 0.1 to 0.5 s.
    { isolated: false, backend: "webgpu", epochs: 2, checkpointEvery: 3 },
  ] as const)("$backend, cross-origin isolated: $isolated", ({ isolated, backend, epochs, checkpointEvery }) => {
    const job = { backend, epochs, checkpointEvery };
    const steps = epochs * stepsPerEpoch;
    const cancelAfter = 2 * checkpointEvery + 1;
    let site: Site;
    let page: Page;
    let check: () => void;
    let whole: string;
    beforeAll(async () => {
      site = await serve(scripts, { isolated });
      ({ page, check } = await open(browser, `${site.origin}/training`));
    });
    afterAll(async () => {
      await page?.context().close();
      await site?.close();
    });

    test("the page has the isolation it was served with", async () => {
      expect(await page.evaluate(() => crossOriginIsolated)).toBe(isolated);
    });

    test("trains, reports every update, and leaves the page responsive", async () => {
      const { result, longTasks, tasks } = await watchMainThread(browser, page, () =>
        trainInWorker(page, { ...job, name: "whole" }),
      );
      const { reason, step, losses, progress, frames } = result;
      whole = result.digest;
      expect({ reason, step, progress }).toEqual({ reason: "finished", step: steps, progress: steps });
      expect(losses[1]).toBeLessThan(losses[0] * (epochs < 10 ? 0.95 : 0.25));
      expect(longTasks).toEqual([]);
      expect(tasks).toBeGreaterThan(steps);
      expect(frames).toBeGreaterThan(5);
      check();
    });

    test("stops when cancelled, and resumes from browser storage to the same bits", async () => {
      const first = await trainInWorker(page, { ...job, name: "cancelled", cancelAfter });
      expect(first.reason).toBe("aborted");
      expect(first.step).toBeGreaterThanOrEqual(cancelAfter);
      expect(first.step).toBeLessThan(steps);
      await page.reload();
      const second = await trainInWorker(page, { ...job, name: "cancelled" });
      expect(second).toMatchObject({ reason: "finished", step: steps, ownSteps: steps - first.step, digest: whole });
      check();
    });

    // Of WebGPU, what was kept and resumed has been seen: a reload instead of a cancel is the page's affair.
    if (backend === "wasm") {
      test("survives a reload in the middle, to the same bits", async () => {
        await page.evaluate((given) => void window.trainInWorker(given), { ...job, name: "reloaded" });
        await page.waitForFunction((step) => window.currentStep >= step, cancelAfter, { timeout: patience });
        await page.reload();
        const second = await trainInWorker(page, { ...job, name: "reloaded" });
        expect(second).toMatchObject({ reason: "finished", step: steps, digest: whole });
        expect(second.ownSteps).toBeLessThan(steps);
        check();
      });

      test("ends with the bits of Node", async () => {
        expect(whole).toBe(await digestInNode(epochs));
      });
    }
  });
});
