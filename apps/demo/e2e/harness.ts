// The built workbench, served as files from a folder of a server; what tests look for on every page.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { closePages, sharedBrowser } from "@hooke/browser-tests/harness/chromium";
import { serveFolder } from "@hooke/browser-tests/harness/serve-folder";
import type axe from "axe-core";
import { source } from "axe-core";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";

const isFull = process.env.HOOKE_TESTS === "full";

/** Why networks but the surrogate's are not trained on WebGPU, to go into titles; empty where they are. */
export const long = isFull ? "" : " (skipped: compiling takes half a minute without a GPU; HOOKE_TESTS=full runs it)";

/** Where pictures go, for people to look at. Undefined where none are taken. */
const pictures = isFull ? mkdtempSync(join(tmpdir(), "hooke-demo-")) : undefined;
if (pictures !== undefined) console.log(`pictures: ${pictures}`);

/** Takes a picture of the whole page, where pictures are taken. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
}

/** How a phone shows a page. */
export const phone = { viewport: { width: 390, height: 844 } } as const;
const desktop = { width: 1280, height: 1000 } as const;

/** A page, and what its console complains of. */
export interface Opened {
  readonly page: Page;
  readonly problems: string[];
}

export interface Site {
  readonly browser: Browser;
  /** Where it is served, with a slash at its end. */
  readonly url: string;
  /** Opens an address, in a context of its own or as another tab of one. */
  open(hash: string, options?: BrowserContextOptions | BrowserContext): Promise<Opened>;
  close(): Promise<void>;
}

/** @param browser default: the one that files of tests share */
export async function serve(browser?: Browser): Promise<Site> {
  const { url, close } = await serveFolder(fileURLToPath(new URL("../dist", import.meta.url)));
  const used = browser ?? (await sharedBrowser());
  return {
    browser: used,
    url,
    async open(hash, given = {}) {
      const context = "newPage" in given ? given : await used.newContext({ viewport: desktop, ...given });
      const page = await context.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      page.setDefaultTimeout(120_000);
      await page.goto(url + hash);
      return { page, problems };
    },
    async close() {
      await closePages(used);
      await close();
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
/** Goes to another address as a link would. */
export const go = (page: Page, hash: string) =>
  page.evaluate((to) => {
    location.hash = to;
  }, hash);

/**
 * Looks at the page as it is, in light and dark, on a desktop and on a phone: no violation that axe finds (once a
 * scheme, as the rest are the same elements), and nothing wider than the phone; HOOKE_TESTS=full takes a picture of each. Leaves the page dark, and as wide as a desktop.
 */
export async function lookAt(page: Page, name: string): Promise<void> {
  await page.evaluate(source);
  const rules = { light: {}, dark: { runOnly: ["color-contrast"] } } satisfies Record<string, axe.RunOptions>;
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [place, viewport] of Object.entries({ phone: phone.viewport, desktop })) {
      await page.setViewportSize(viewport);
      // Figures follow the width in the next frames.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      const width = await page.evaluate(() => {
        scrollTo(0, 0);
        return document.documentElement.scrollWidth;
      });
      expect(width, `${name}, ${place}: width`).toBe(viewport.width);
      await takePicture(page, `${name}-${place}-${colorScheme}`);
    }
    const { violations } = await page.evaluate(
      (given) => (globalThis as unknown as { axe: typeof axe }).axe.run(given),
      rules[colorScheme] as axe.RunOptions,
    );
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)).toEqual([]);
  }
}

/** Presses Tab until something of that name has the focus. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 90; presses++) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement!.tagName)) === "BODY") continue;
    if ((await focused(page)).includes(name)) return;
  }
  throw new Error(`no Tab reaches "${name}"`);
}

/** What Enter on a button of that name downloads into a folder: its path. */
export async function downloaded(page: Page, name: string, folder: string): Promise<string> {
  await tabTo(page, name);
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

type FileText = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** A file of text, as one chooses it. */
export const csv = (name: string, text: string): FileText => ({
  name,
  mimeType: "text/csv",
  buffer: Buffer.from(text),
});

/** Chooses files by what opens the dialog. */
export async function choose(
  page: Page,
  files: string | FileText | FileText[],
  open = () => page.getByRole("button", { name: /Choose (a|another) file/ }).click(),
): Promise<void> {
  const opened = page.waitForEvent("filechooser");
  // What is answered after that comes after the page was told to hand its dialogs over.
  await page.evaluate(() => document.readyState);
  await open();
  await (await opened).setFiles(files);
}
