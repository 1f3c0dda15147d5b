// The built site in Chromium, from a folder of a server: its weight, its search, its figures, what it is without JavaScript, and for whom.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { closePages, sharedBrowser, skipped } from "@hooke/browser-tests/harness/chromium";
import { type ServedFolder, serveFolder } from "@hooke/browser-tests/harness/serve-folder";
import type axe from "axe-core";
import { source } from "axe-core";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** A page of every kind: the first, of links, of code, of figures, of tables, and of the reference. */
const looked = [
  "",
  "start/",
  "start/first-model.html",
  "handbook/neurons.html",
  "guides/errors.html",
  "guides/csv.html",
  "guides/from-pytorch.html",
  "reference/",
];

describe.skipIf(skipped !== "")(`the docs${skipped}`, () => {
  let site: ServedFolder;
  let browser: Browser;
  beforeAll(async () => {
    [site, browser] = await Promise.all([serveFolder(join(import.meta.dirname, "../dist")), sharedBrowser()]);
  });
  afterAll(async () => {
    await closePages(browser);
    await site?.close();
  });

  /** Opens a page in a context of its own, and says what its console complains of. */
  async function visit(path: string, options: BrowserContextOptions = {}): Promise<{ page: Page; problems: string[] }> {
    const context = await browser.newContext({ reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.goto(site.url + path, { waitUntil: "networkidle" });
    return { page, problems };
  }

  test("the first page is small, and complains of nothing", async () => {
    site.sent();
    const { page, problems } = await visit("");
    const bytes = [...site.sent().values()].reduce((sum, size) => sum + size, 0);
    console.log(`first page: ${(bytes / 1000).toFixed(0)} kB transferred`);
    expect(bytes).toBeLessThan(150_000);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("the search answers, in words that are not on the page, too", async () => {
    const { page } = await visit("");
    await page.getByRole("button", { name: "Search" }).first().click();
    await page.locator(".VPLocalSearchBox input").fill("which error bars");
    const first = page.locator(".VPLocalSearchBox .result").first();
    await first.waitFor();
    expect(await first.getAttribute("href")).toContain("/any/where/guides/uncertainty.html");
    await page.context().close();
  });

  test("has the system's colours from the start", async () => {
    const { page } = await visit("", { colorScheme: "dark" });
    expect(await page.locator("html.dark").count()).toBe(1);
    await page.context().close();
  });

  test("links are followed in place, and figures compute", async () => {
    const { page, problems } = await visit("handbook/");
    await page.getByRole("main").getByRole("link", { name: "Neurons and activations" }).click();
    await page.waitForURL("**/any/where/handbook/neurons.html");
    await page.locator(".live-figure").first().scrollIntoViewIfNeeded();
    await page.getByText("the slope is at most 0.25").waitFor();
    await page.getByLabel("Activation", { exact: true }).selectOption("tanh");
    await page.getByText("the slope is at most 1:").waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  test("without JavaScript, text, formulas and code are there", async () => {
    const { page } = await visit("handbook/neurons.html", { javaScriptEnabled: false });
    await page.getByText("Sigmoid's slope is at most 0.25").waitFor();
    expect(await page.locator("math").count()).toBeGreaterThan(5);
    expect(await page.getByText("activate(activation, z)").count()).toBeGreaterThan(0);
    await page.context().close();
  });

  /** What axe finds: everything, or by one rule. */
  async function audit(page: Page, options: axe.RunOptions): Promise<readonly string[]> {
    const { violations } = await page.evaluate(
      (given) => (globalThis as unknown as { axe: typeof axe }).axe.run(given),
      options,
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  }

  test.each(looked)("is for everyone, in light and dark, and no wider than a phone: /%s", async (path) => {
    const { page } = await visit(path, { colorScheme: "light" });
    await page.evaluate(source);
    expect(await audit(page, {})).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.locator("html.dark").waitFor();
    expect(await audit(page, { runOnly: ["color-contrast"] })).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.context().close();
  });

  const reference = existsSync(join(import.meta.dirname, "../dist/api"));
  const absent = reference
    ? ""
    : ": skipped, the reference is not built; npx --yes pnpm docs:build builds it, in minutes";
  test
    .skipIf(!reference)
    .each([
      "api/index.html",
      "api/_hooke/uncertainty.html",
      "api/_hooke/uncertainty/splitConformal-1.html",
      "api/_hooke/core/index/FitOptions.html",
    ])(`of the reference, %s is for everyone, in light and dark, and leads back${absent}`, async (path) => {
    const { page, problems } = await visit(path, { colorScheme: "light" });
    // Typedoc's script writes links into what opens a branch of the tree at the side.
    const rules = { "nested-interactive": { enabled: false } };
    await page.evaluate(source);
    expect(await audit(page, { rules })).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await audit(page, { runOnly: ["color-contrast", "link-in-text-block"] })).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.getByRole("link", { name: "Docs", exact: true }).click();
    await page.waitForURL("**/any/where/index.html");
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
