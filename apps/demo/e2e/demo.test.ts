// The built page in Chromium: trained, paused, reset, reloaded, shared, by keyboard, and on a phone.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, skipped } from "@hooke/browser-tests/harness/chromium";
import { watchMainThread } from "@hooke/browser-tests/harness/long-tasks";
import type { Browser, Page } from "playwright-core";
import { build, type PreviewServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

describe.skipIf(skipped)(`the demo in a browser${skipped}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "hooke-demo-"));
  let browser: Browser;
  let server: PreviewServer;
  let url: string;

  beforeAll(async () => {
    const root = fileURLToPath(new URL("..", import.meta.url));
    const options = { root, logLevel: "warn" as const, build: { outDir: join(folder, "dist"), emptyOutDir: true } };
    await build(options);
    server = await preview({ ...options, preview: { port: 0, host: "127.0.0.1" } });
    url = server.resolvedUrls!.local[0]!;
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  async function open(hash: string, options = {}): Promise<{ page: Page; problems: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.setDefaultTimeout(120_000);
    await page.goto(url + hash);
    return { page, problems };
  }
  const state = (page: Page, text: string) => page.locator("#state", { hasText: text }).waitFor({ timeout: 120_000 });
  const reading = (page: Page, name: string) => page.locator(`dt:text-is("${name}") + dd`).textContent();
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

  it("pauses, reloads and resumes to the bits of an uninterrupted training; resets", async () => {
    const hash = "#epochs=60&seed=3";
    const whole = await open(hash);
    await press(whole.page, "Start");
    await state(whole.page, "Finished");
    const { page, problems } = await open(hash);
    await press(page, "Start");
    await page.waitForFunction(() => /^[1-9]/.test(document.querySelectorAll("dd")[1]!.textContent));
    await press(page, "Pause");
    await state(page, "Paused");
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

  it("restores a shared link and trains by keyboard alone", async () => {
    const { page, problems } = await open("#width=16&epochs=3&activation=tanh");
    expect(await page.locator("[name=width]").inputValue()).toBe("16");
    await page.locator("[name=seed]").focus();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await state(page, "Finished");
    expect(problems).toEqual([]);
  });

  it.each(["light", "dark"] as const)("fits a phone and keeps it responsive, %s", async (colorScheme) => {
    const { page, problems } = await open("#epochs=60", { colorScheme, viewport: { width: 390, height: 844 } });
    const { longTasks } = await watchMainThread(browser, page, async () => {
      await press(page, "Start");
      await state(page, "Finished");
    });
    expect(longTasks).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.screenshot({ path: join(folder, `phone-${colorScheme}.png`), fullPage: true });
    await page.setViewportSize({ width: 1280, height: 1000 });
    await page.screenshot({ path: join(folder, `${colorScheme}.png`), fullPage: true });
    expect(problems).toEqual([]);
    console.log(`screenshots: ${folder}`);
  });
});
