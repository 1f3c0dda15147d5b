// Reports in Chromium, as a file and live in a page: drawn, within a phone's width, by keyboard, in light and dark, audited by axe.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { writeReport } from "@hooke/report/node";
import type axe from "axe-core";
import { source } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "./harness/bundle.ts";
import { closePages, open, sharedBrowser, skipped } from "./harness/chromium.ts";
import { type Site, serve } from "./harness/serve.ts";
import { figures, report } from "./pages/figures.ts";

const phone = { viewport: { width: 390, height: 844 } } as const;

describe.skipIf(skipped)(`reports${skipped}`, () => {
  let browser: Browser;
  let site: Site;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "hooke-report-"));
    await writeReport(join(folder, "report.html"), report);
    site = await serve(await bundle(["report"]), { isolated: false });
    browser = await sharedBrowser();
  });
  afterAll(async () => {
    await closePages(browser);
    await site?.close();
    await rm(folder, { recursive: true });
  });

  const file = async (size = {}) =>
    open(await browser.newContext(size), pathToFileURL(join(folder, "report.html")).href);
  const figure = (page: Page, kind: keyof typeof figures) =>
    page.locator("section.figure", { has: page.getByRole("heading", { name: figures[kind].title, exact: true }) });
  /** What axe finds: everything, or by some rules. */
  const audit = async (page: Page, ...rules: string[]): Promise<string[]> => {
    await page.evaluate(source);
    const { violations } = await page.evaluate(
      (only) =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(document, only.length > 0 ? { runOnly: only } : {}),
      rules,
    );
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  };
  /** How many colours a canvas has: none drawn has one. */
  const colorsOf = (page: Page, kind: keyof typeof figures): Promise<number> =>
    figure(page, kind)
      .locator("canvas")
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return new Set(new Uint32Array(data.buffer)).size;
      });

  test("a file draws every kind and has no faults of access, in light and dark", async () => {
    const { page, check } = await file();
    for (const kind of ["curves", "scatter", "parity", "residuals"] as const) {
      expect(await colorsOf(page, kind)).toBeGreaterThan(10);
    }
    const sizes = await page
      .locator("img")
      .evaluateAll((images) =>
        images.map((image) => [(image as HTMLImageElement).naturalWidth, image.clientWidth > 100]),
      );
    expect(sizes).toEqual([
      [30, true],
      [3, true],
      [3, true],
    ]);
    expect(await audit(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await audit(page, "color-contrast")).toEqual([]);
    check();
  });

  test("a file fits a phone, and its keys read values", async () => {
    const { page, check } = await file(phone);
    const wide = await page
      .locator("section.figure")
      .evaluateAll((sections) =>
        sections
          .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
          .map((section) => section.querySelector("h2")!.textContent),
      );
    expect(wide, "figures wider than a phone; what is wide stands in an element that scrolls, as in dataTable").toEqual(
      [],
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const read = async (kind: keyof typeof figures, ...keys: string[]) => {
      await figure(page, kind).locator(".plot").focus();
      for (const key of keys) await page.keyboard.press(key);
      return figure(page, kind).locator(".readout").textContent();
    };
    expect(await read("curves", "Home")).toBe("strain (%) 0: steel 0, aluminium 0");
    // In the middle; then right, up, and to the end of the row.
    expect(await read("fieldMap", "ArrowRight")).toBe("x (m) 0.5172414, y (m) 0.3448276: displacement (mm) -0.1527");
    expect(await read("fieldMap", "ArrowUp", "End")).toBe("x (m) 1, y (m) 0.3793103: displacement (mm) -0.04516");
    expect(await read("picture", "Home", "End")).toBe("column 2.5, row 1: weight 1");
    expect(await read("history", "Home", "ArrowRight", "ArrowRight")).toBe(
      "time (h) 2, load (kN) 31: share of the life (h) 60",
    );
    await figure(page, "picture").getByLabel("Opacity of the overlay").fill("20");
    expect(
      await figure(page, "picture")
        .locator(".overlay")
        .evaluate((image) => getComputedStyle(image).opacity),
    ).toBe("0.2");
    await figure(page, "fieldMap")
      .locator(".map-area")
      .hover({ position: { x: 1, y: 1 } });
    expect(await figure(page, "fieldMap").locator(".readout").textContent()).toMatch(
      /^x \(m\) 0, y \(m\) 0\.6551724: /,
    );
    check();
  });

  test("a page shows it live in an element, draws again in the dark, and takes it away", async () => {
    const { page, check } = await open(await browser.newContext({ colorScheme: "light" }), `${site.origin}/report`);
    await page.evaluate(() => window.show());
    expect(await colorsOf(page, "curves")).toBeGreaterThan(10);
    const hide = figure(page, "curves").getByRole("button", { name: "steel" });
    await hide.click();
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await colorsOf(page, "curves")).toBeGreaterThan(10);
    expect(await hide.getAttribute("aria-pressed")).toBe("false");
    expect(await audit(page, "color-contrast", "region", "heading-order")).toEqual([]);
    await page.evaluate(() => window.remove());
    expect(await page.locator("section").count()).toBe(0);
    check();
  });

  test("what is live follows changes and keeps what the reader did", async () => {
    const { page, check } = await open(await browser.newContext(), `${site.origin}/report`);
    await page.evaluate(() => window.show());
    const curves = figure(page, "curves");
    const [canvas, image] = [curves.locator("canvas"), figure(page, "fieldMap").locator("img")];
    await curves.getByRole("button", { name: "steel" }).click();
    await curves.locator("summary").click();
    await curves.locator(".plot").focus();
    await page.keyboard.press("Home");
    expect(await curves.locator(".readout").textContent()).toBe("strain (%) 0: aluminium 0");
    await canvas.evaluate((element) => element.setAttribute("data-mark", "the same"));
    const [drawn, map] = await Promise.all([canvas, image].map((seen) => seen.screenshot()));
    await figure(page, "fieldMap")
      .locator(".map-area")
      .hover({ position: { x: 20, y: 20 } });

    await page.evaluate(() => window.change());
    // The same canvas with other values: of the column that was read, too.
    expect(await canvas.getAttribute("data-mark")).toBe("the same");
    expect(await curves.getByRole("button", { name: "steel" }).getAttribute("aria-pressed")).toBe("false");
    expect(await curves.locator("details").evaluate((element: HTMLDetailsElement) => element.open)).toBe(true);
    expect(await curves.locator(".readout").textContent()).toMatch(/^strain \(%\) [\d.]+: aluminium [\d.]+$/);
    expect(await curves.locator(".readout").textContent()).not.toBe("strain (%) 0: aluminium 0");
    expect(await curves.locator("tbody tr").count()).toBe(31);
    expect(await page.getByText("Changed.", { exact: true }).count()).toBe(1);
    // What was read of the map is not of this map.
    expect(await figure(page, "fieldMap").locator(".readout").textContent()).toBe("");
    const [again, mapAgain] = await Promise.all([canvas, image].map((seen) => seen.screenshot()));
    expect(again!.equals(drawn!)).toBe(false);
    expect(mapAgain!.equals(map!)).toBe(false);
    await page.evaluate(() => window.remove());
    expect(await page.locator("section").count()).toBe(0);
    check();
  });
});
