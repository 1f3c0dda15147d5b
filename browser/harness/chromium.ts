// Finds Chromium and drives it; where there is none, says so.

import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** The shell without windows first: the same engine, at a third of the computing for a page. */
const candidates = [
  process.env.HOOKE_CHROMIUM,
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** Path of the browser. Undefined where there is none. */
export const executablePath: string | undefined = candidates.find((path) => path && existsSync(path));

/** Path of a browser with tools for developers, which its shell without windows lacks. Undefined where there is none. */
export const withDevTools: string | undefined = candidates.find(
  (path) => path && existsSync(path) && !path.endsWith("headless-shell"),
);

/** Why browser tests are skipped, to go into their titles; empty where they run. */
export const skipped: string =
  executablePath === undefined ? " (skipped: no Chromium; install it, or set HOOKE_CHROMIUM to its path)" : "";

/** Flags that give WebGPU on the processor, through the SwiftShader inside Chromium. */
const webgpuFlags = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

/** Starts Chromium without a window. @param path of the browser */
export function launch(path: string | undefined = executablePath): Promise<Browser> {
  if (path === undefined) throw new Error("chromium: not found");
  return chromium.launch({ executablePath: path, headless: true, args: ["--no-sandbox", ...webgpuFlags] });
}

let running: Promise<Browser> | undefined;

/**
 * The browser of this process, started by the first who asks: files of tests share it as they share the process, and it ends with that.
 * What a file opened there it closes by {@link closePages}.
 */
export function sharedBrowser(): Promise<Browser> {
  running ??= launch().then((browser) => browser.once("disconnected", () => (running = undefined)));
  return running;
}

/** Closes all pages of a browser that goes on. Undefined where it did not start. */
export async function closePages(browser: Browser | undefined): Promise<void> {
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
}

/** Has a page of its own evaluate an expression. */
export const evaluateIn =
  (browser: Browser) =>
  async (url: string, expression: string): Promise<unknown> => {
    const { page, check } = await open(browser, url);
    const found: unknown = await page.evaluate(expression);
    check();
    await page.close();
    return found;
  };

/** Opens a page of a site. Exceptions nobody catches there are thrown by the returned `check`. */
export async function open(context: BrowserContext | Browser, url: string): Promise<{ page: Page; check(): void }> {
  const page = await context.newPage();
  const errors: Error[] = [];
  page.on("pageerror", (error) => errors.push(error));
  await page.goto(url);
  const check = (): void => {
    if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join("\n"));
  };
  check();
  return { page, check };
}
