// Trainings in the built page: to the end and to divergence, paused, kept and resumed, by keyboard, on WebGPU and without it.
import { executablePath, skipped } from "@hooke/browser-tests/harness/chromium";
import { chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstEpoch, focused, message, press, reading, type Site, serve, state } from "./harness.ts";

describe.skipIf(skipped)(`trainings of the demo${skipped}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
  });
  afterAll(() => site?.close());

  /** Trains for some epochs and pauses. Returns the steps made. */
  async function pauseOnTheWay(page: Page): Promise<string | null> {
    await press(page, "Start");
    await firstEpoch(page);
    await press(page, "Pause");
    await state(page, "Paused");
    return reading(page, "Step");
  }
  const kept = (page: Page) => page.locator(".kept li");

  it("pauses, reloads and resumes to the bits of an uninterrupted training; resets", async () => {
    const hash = "#epochs=60&seed=3";
    const whole = await site.open(hash);
    await press(whole.page, "Start");
    await state(whole.page, "Finished");
    const { page, problems } = await site.open(hash);
    await pauseOnTheWay(page);
    await page.reload();
    await state(page, "Paused");
    await press(page, "Resume");
    await state(page, "Finished");
    expect(await reading(page, "Checkpoint")).toBe(await reading(whole.page, "Checkpoint"));
    expect(await reading(page, "Validation loss")).toBe(await reading(whole.page, "Validation loss"));
    await press(page, "Reset");
    await state(page, "Ready");
    expect([...problems, ...whole.problems]).toEqual([]);
  });

  it("keeps a paused training while another tab trains and while the address names other settings", async () => {
    const { page, problems } = await site.open("#epochs=2000&seed=1");
    const step = await pauseOnTheWay(page);
    const epoch = await reading(page, "Epoch");
    await page.getByText(`Resume goes on after epoch ${epoch}, kept `).waitFor();

    const other = await site.open("#epochs=2&seed=2", page.context());
    await press(other.page, "Start");
    await state(other.page, "Finished");
    await other.page.locator(".kept li", { hasText: `epochs 2000, seed 1paused at epoch ${epoch}` }).waitFor();

    await page.reload();
    await state(page, "Paused");
    expect(await reading(page, "Step")).toBe(step);
    await page.locator("[name=seed]").fill("2");
    await page.keyboard.press("Tab");
    await state(page, "Ready");
    await page.evaluate(() => {
      location.hash = "#epochs=2&seed=2";
    });
    await state(page, "Finished");
    await page.getByRole("link", { name: "epochs 2000, seed 1" }).click();
    await state(page, "Paused");
    expect(await reading(page, "Step")).toBe(step);
    await press(page, "Resume");
    await press(page, "Pause");
    await state(page, "Paused");
    const number = (text: string | null) => Number(text!.replaceAll(",", ""));
    expect(number(await reading(page, "Step"))).toBeGreaterThan(number(step));
    expect([...problems, ...other.problems]).toEqual([]);
  });

  it("says so when the training that was to go on has been reset in another tab", async () => {
    const { page } = await site.open("#epochs=2000&seed=1");
    await pauseOnTheWay(page);
    const other = await site.open("#epochs=2000&seed=1", page.context());
    await state(other.page, "Paused");
    await press(other.page, "Reset");
    await state(other.page, "Ready");
    await press(page, "Resume");
    await message(page, "is no longer kept");
    await state(page, "Ready");
  });

  it("keeps the last eight trainings", async () => {
    const { page } = await site.open("#epochs=1&width=1");
    for (let seed = 1; seed <= 10; seed++) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, `#epochs=1&width=1&seed=${seed}`);
      await state(page, "Ready");
      await press(page, "Start");
      await state(page, "Finished");
    }
    // Seed 10 is the one on the page.
    await expect
      .poll(() => kept(page).locator("a").allTextContents())
      .toEqual([9, 8, 7, 6, 5, 4, 3].map((seed) => `seed ${seed}`));
  });

  it("is started by keyboard alone, from the first stop of the page and from a field, and keeps the focus", async () => {
    const { page, problems } = await site.open("#width=16&epochs=3&activation=tanh");
    expect(await page.locator("[name=width]").inputValue()).toBe("16");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Start");
    await page.keyboard.press("Space");
    await state(page, "Finished");
    expect(await focused(page)).toBe("Start");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Reset");
    await page.keyboard.press("Space");
    await state(page, "Ready");
    expect(await focused(page)).toBe("Reset");
    await page.locator("[name=seed]").focus();
    await page.keyboard.press("Enter");
    await state(page, "Finished");
    expect(await focused(page)).toBe("Start");
    expect(problems).toEqual([]);
  });

  it("says where a training diverged, and keeps what it drew", async () => {
    const { page } = await site.open("#epochs=20&learningRate=10&depth=4");
    await press(page, "Start");
    await state(page, "Diverged at epoch 1");
    expect(await reading(page, "Epoch")).toBe("1 of 20");
    const said = await page.getByRole("alert").textContent();
    expect(said).toMatch(/^train: at step 25 .* holds Infinity/);
    await page.getByText("After epoch 1: training").waitFor();
    await page.reload();
    await state(page, "Diverged at epoch 1");
    await page.getByText("After epoch 1: training").waitFor();
    // Enter in a field takes its value over and starts the training it belongs to.
    await page.locator("[name=learningRate]").fill("0.001");
    await page.keyboard.press("Enter");
    await state(page, "Finished");
  });

  it("puts the address back while a training runs, and follows it afterwards", async () => {
    const { page, problems } = await site.open("#epochs=10000&seed=5");
    await press(page, "Start");
    await firstEpoch(page);
    const address = page.url();
    const edit = () =>
      page.evaluate(() => {
        location.hash = "#epochs=3&seed=6";
      });
    await edit();
    await message(page, "The address names the training that runs, and was put back.");
    expect(page.url()).toBe(address);
    expect(await page.locator("[name=seed]").inputValue()).toBe("5");
    await press(page, "Pause");
    await state(page, "Paused");
    await edit();
    await state(page, "Ready");
    expect(await page.locator("[name=seed]").inputValue()).toBe("6");
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it("chooses wasm by itself, and says why", async () => {
    const { page, problems } = await site.open("#epochs=2");
    await page.getByText("Backends of this browser").click();
    await page.locator(".devices", { hasText: "Chosen: wasm (wasm: about" }).waitFor();
    expect(await page.locator(".devices dl").textContent()).toMatch(/wasm.*WebAssembly.*webgpu.*swiftshader/is);
    expect(problems).toEqual([]);
  });

  it("trains on WebGPU where it is chosen", async () => {
    const { page, problems } = await site.open("#backend=webgpu&epochs=2&width=16");
    await press(page, "Start");
    await state(page, "Finished");
    expect(await reading(page, "Backend")).toBe("webgpu");
    expect(Number(await reading(page, "Validation loss"))).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  it("says why a backend is unavailable and what cures that", async () => {
    const plain = await serve(() => chromium.launch({ executablePath: executablePath!, args: ["--no-sandbox"] }));
    try {
      const { page } = await plain.open("#backend=webgpu&epochs=2");
      const words = /the browser (has no WebGPU|finds no GPU adapter)\. \S.* the backend wasm\./;
      await page.getByRole("alert").filter({ hasText: words }).waitFor();
      await page.getByText("Backends of this browser").click();
      expect(await page.locator(".devices dl").textContent()).toMatch(new RegExp(`webgpuUnavailable: ${words.source}`));
      const option = page.getByRole("option", { name: "webgpu (unavailable)" });
      expect(await option.evaluate((element: HTMLOptionElement) => [element.disabled, element.selected])).toEqual([
        true,
        true,
      ]);
      await page.getByRole("combobox", { name: "Backend" }).selectOption("wasm");
      await press(page, "Start");
      await state(page, "Finished");
      expect(await page.getByRole("alert").count()).toBe(0);
    } finally {
      await plain.close();
    }
  });

  it("takes auto, and says so, where an address names a backend there is not", async () => {
    const { page, problems } = await site.open("#backend=abacus&epochs=2");
    await message(page, 'There is no backend "abacus" here, only wasm and webgpu: auto chooses one.');
    expect(await page.getByRole("combobox", { name: "Backend" }).inputValue()).toBe("auto");
    expect(page.url()).toContain("backend=auto");
    await press(page, "Start");
    await state(page, "Finished");
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(problems).toEqual([]);
  });
});
