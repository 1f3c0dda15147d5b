// The built page in Chromium: trained, paused, reset, reloaded, shared, by keyboard, on a phone, on WebGPU, and audited for access.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch, skipped } from "@hooke/browser-tests/harness/chromium";
import { watchMainThread } from "@hooke/browser-tests/harness/long-tasks";
import type axe from "axe-core";
import { source } from "axe-core";
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
  const reading = (page: Page, name: string) => page.locator(`.readings dt:text-is("${name}") + dd`).textContent();
  const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

  it("pauses, reloads and resumes to the bits of an uninterrupted training; resets", async () => {
    const hash = "#epochs=60&seed=3";
    const whole = await open(hash);
    await press(whole.page, "Start");
    await state(whole.page, "Finished");
    const { page, problems } = await open(hash);
    await press(page, "Start");
    await page.waitForFunction(() => /^[1-9]/.test(document.querySelectorAll(".readings dd")[1]!.textContent));
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

  it("chooses wasm by itself, and says why", async () => {
    const { page, problems } = await open("#epochs=2");
    await page.getByText("Backends of this browser").click();
    await page.locator(".devices", { hasText: "Chosen: wasm (wasm: about" }).waitFor();
    expect(await page.locator(".devices dl").textContent()).toMatch(/wasm.*WebAssembly.*webgpu.*swiftshader/is);
    expect(problems).toEqual([]);
  });

  it("trains on WebGPU where it is chosen", async () => {
    const { page, problems } = await open("#backend=webgpu&epochs=2&width=16");
    await press(page, "Start");
    await state(page, "Finished");
    expect(await reading(page, "Backend")).toBe("webgpu");
    expect(Number(await reading(page, "Validation loss"))).toBeGreaterThan(0);
    expect(problems).toEqual([]);
  });

  it("says what is wrong with an address that names another backend, and trains on a right one", async () => {
    const { page } = await open("#backend=abacus&epochs=2");
    await page.getByRole("alert").filter({ hasText: 'no plugin provides "abacus" among backends' }).waitFor();
    await page.locator("select").first().selectOption("wasm");
    await press(page, "Start");
    await state(page, "Finished");
    expect(await page.getByRole("alert").count()).toBe(0);
  });

  it.each(["light", "dark"] as const)(
    "has no violation that axe finds, before and after training, %s",
    async (colorScheme) => {
      for (const viewport of [
        { width: 1280, height: 1000 },
        { width: 320, height: 700 },
      ]) {
        const { page } = await open("#epochs=5", { colorScheme, viewport });
        await page.getByText("Backends of this browser").click();
        const violations = async () => {
          await page.addScriptTag({ content: source });
          const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        };
        expect(await violations()).toEqual([]);
        await press(page, "Start");
        await state(page, "Finished");
        expect(await violations()).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
        await page.screenshot({ path: join(folder, `audited-${colorScheme}-${viewport.width}.png`), fullPage: true });
        await page.context().close();
      }
    },
  );

  it.each(["light", "dark"] as const)("draws lines that stand out from their card, %s", async (colorScheme) => {
    const { page } = await open("", { colorScheme });
    const colours = await page.evaluate(() =>
      ["--card", "--accent", "--warm", "--third"].map((name) => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.color = `var(${name})`;
        return getComputedStyle(probe)
          .color.match(/[\d.]+/g)!
          .map(Number);
      }),
    );
    // WCAG 2.2: relative luminance, and at least 3 : 1 for graphics.
    const luminance = (rgb: readonly number[]): number => {
      const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
    };
    const [card, ...inks] = colours.map(luminance) as [number, ...number[]];
    for (const ink of inks) {
      expect((Math.max(ink, card) + 0.05) / (Math.min(ink, card) + 0.05)).toBeGreaterThanOrEqual(3);
    }
  });
});
