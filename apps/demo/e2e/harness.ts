// The built page, served to a browser that a file of tests shares.
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "@hooke/browser-tests/harness/chromium";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { preview } from "vite";

/** How a phone shows the page. */
export const phone = { viewport: { width: 390, height: 844 } } as const;

export interface Site {
  readonly browser: Browser;
  /** Where screenshots go. */
  readonly folder: string;
  /** Opens the page at an address, in a context of its own or as another tab of one. `problems`: what its console complains of. */
  open(hash: string, options?: BrowserContextOptions | BrowserContext): Promise<{ page: Page; problems: string[] }>;
  close(): Promise<void>;
}

export async function serve(start: () => Promise<Browser> = launch): Promise<Site> {
  const folder = mkdtempSync(join(tmpdir(), "hooke-demo-"));
  const root = fileURLToPath(new URL("..", import.meta.url));
  if (!existsSync(join(root, "dist"))) throw new Error("demo: apps/demo/dist does not exist; run `pnpm build` first");
  const server = await preview({ root, logLevel: "warn", preview: { port: 0, host: "127.0.0.1" } });
  const url = server.resolvedUrls!.local[0]!;
  const browser = await start();
  return {
    browser,
    folder,
    async open(hash, given = {}) {
      const size = { viewport: { width: 1280, height: 1000 } };
      const context = "newPage" in given ? given : await browser.newContext({ ...size, ...given });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.setDefaultTimeout(120_000);
      await page.goto(url + hash);
      return { page, problems };
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

export const state = (page: Page, text: string) => page.locator("#state", { hasText: text }).waitFor();
export const reading = (page: Page, name: string) => page.locator(`.readings dt:text-is("${name}") + dd`).textContent();
export const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
/** What the page says on its own account, or of an error. */
export const message = (page: Page, text: string) => page.getByRole("alert").filter({ hasText: text }).waitFor();
/** Name of the element that has the focus. */
export const focused = (page: Page) =>
  page.evaluate(() => document.activeElement!.textContent || document.activeElement!.tagName);

/** Waits until an epoch is over, so that there is something to pause. */
export const firstEpoch = (page: Page) =>
  page.waitForFunction(() => /^[1-9]/.test(document.querySelectorAll(".readings dd")[1]!.textContent));
