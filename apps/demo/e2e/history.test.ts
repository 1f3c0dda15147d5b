// The page of load histories: from the empty page to the scores by keyboard, a pause and a reload on the way; the specimen that is looked at, the
// network that is taken away, cancelling in the list of jobs, and what it looks like; and WebGPU.
import { readFile } from "node:fs/promises";
import { skipped } from "@hooke/browser-tests/harness/chromium";
import { core } from "@hooke/core";
import { decodeModel } from "@hooke/core/checkpoint";
import { sequences } from "@hooke/layers-seq";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { focused, go, long, lookAt, message, press, reading, type Site, serve, state } from "./harness.ts";

const epochs = async (page: Page): Promise<number> => Number.parseInt((await reading(page, "Epoch"))!, 10);

describe.skipIf(skipped)(`the page of load histories${skipped}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
  });
  afterAll(() => site?.close());

  it("compares by keyboard, pauses, goes on after a reload, says who wins and hands out a network", async () => {
    const { page, problems } = await site.open("#history?backend=wasm&epochs=60&folds=2&specimen=12");
    await page.getByText("12 of 68").waitFor();
    await page.getByText("half the crack’s length, in mm, every 20,000 cycles").waitFor();
    await page.getByRole("button", { name: "Start", exact: true }).focus();
    await page.keyboard.press("Enter");
    await state(page, "Comparing");
    expect(await focused(page)).toBe("Pause");
    await expect.poll(() => epochs(page), { timeout: 60_000 }).toBeGreaterThan(0);
    await page.keyboard.press("Enter");
    await state(page, "Paused");
    const before = await epochs(page);
    expect(before).toBeLessThan(60);
    await page.reload();
    await state(page, "Paused");
    expect(await epochs(page)).toBe(before);
    await press(page, "Resume");
    await state(page, "Finished");
    expect(await reading(page, "Epoch")).toBe("60 of 60");
    const error = async (name: string) => Number.parseFloat((await reading(page, name))!);
    // Those of the example, on the same folds.
    expect(await error("RMSE, law of Paris")).toBeCloseTo(0.383, 3);
    for (const name of ["LSTM", "Transformer"]) expect(await error(`RMSE, ${name}`)).toBeLessThan(1.2);
    await page.locator(".card .first", { hasText: "has the smallest error" }).waitFor();

    // What is looked at moves by arrow keys, and is in the address.
    const slider = page.getByRole("slider", { name: "Specimen" });
    await slider.focus();
    await page.keyboard.press("ArrowRight");
    await page.getByText("13 of 68").waitFor();
    expect(page.url()).toContain("specimen=13");
    await state(page, "Finished");
    // What both networks forecast it by follows the specimen.
    const why = page.getByRole("region", { name: "Why this forecast" });
    await why.getByText(/^Specimen 13, its last forecast .+: LSTM [+−][\d.]+ %, Transformer [+−][\d.]+ %/).waitFor();
    for (const title of ["LSTM: by measurement", "Transformer: by measurement", "By what is read"]) {
      await why.getByRole("heading", { name: title }).waitFor();
    }
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /Download the LSTM of fold/ }).click(),
    ]);
    const model = decodeModel(new Uint8Array(await readFile(await file.path())), { plugins: [core, sequences] });
    expect(model.inputShape).toEqual([4, 3]);
    expect(model.preprocessing?.inputs).toBeDefined();
    await lookAt(page, "history");
    expect(problems).toEqual([]);

    await page.locator(".jobs > summary").click();
    await page.getByRole("button", { name: /^Remove Load history/ }).click();
    await state(page, "Ready");

    // Own histories: refused with what to do, then taken.
    const drop = (name: string, text: string) =>
      page.locator(".drop").evaluate(
        (place, [called, content]) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([content!], called!));
          place.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        },
        [name, text],
      );
    await drop("wrong.csv", "specimen,cycles,length\nA,0,9\nA,1000,10\n");
    await message(page, 'wrong.csv: there is no column "crack_length_mm", only "specimen", "cycles", "length"');
    const rows = Array.from({ length: 16 }, (_, i) =>
      Array.from({ length: 10 }, (_, step) => `plate ${i};${1000 * step};${9 * 1.05 ** (step * (1 + i / 20))}`),
    ).flat();
    await drop("own.csv", `specimen;cycles;crack_length_mm\n${rows.join("\n")}\n`);
    await page.getByText("16 specimens: half the crack’s length, in mm, every 1,000 cycles from 0 on.").waitFor();
    await page.getByText("plate 0, 1 of 16").waitFor();
    await page.getByLabel("Plate width (mm)").fill("20");
    await page.keyboard.press("Tab");
    await message(page, "Set the plate width under Settings");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.skipIf(long)(`finds on WebGPU what it finds on wasm${long}`, async () => {
    const { page, problems } = await site.open("#history");
    /** Errors after an epoch of each network: enough to have learned, and little enough for a GPU that the processor stands in for. */
    async function errors(backend: string): Promise<readonly number[]> {
      await go(page, `#history?backend=${backend}&epochs=1&folds=2`);
      await state(page, "Ready");
      await press(page, "Start");
      await state(page, "Finished");
      expect(await reading(page, "Backend")).toBe(backend);
      return Promise.all(
        ["LSTM", "Transformer"].map(async (name) => Number.parseFloat((await reading(page, `RMSE, ${name}`))!)),
      );
    }
    const [wasm, webgpu] = [await errors("wasm"), await errors("webgpu")];
    // In mm; of trained ones 0.23 and 0.25.
    for (const [i, error] of webgpu.entries()) expect(Math.abs(error - wasm[i]!)).toBeLessThan(0.01);
    expect(Math.max(...wasm)).toBeLessThan(2);
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
