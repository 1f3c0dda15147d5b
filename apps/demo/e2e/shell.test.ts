// The workbench around its pages, as files in a folder of a server: where one goes, what goes on meanwhile, the list of jobs, and its colours.

import { skipped } from "@hooke/browser-tests/harness/chromium";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { focused, go, press, type Site, serve, state } from "./harness.ts";

describe.skipIf(skipped)(`the workbench${skipped}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
  });
  afterAll(() => site?.close());
  const jobs = (page: Page) => page.locator(".jobs li");
  const job = (page: Page, text: string) => jobs(page).filter({ hasText: text });

  it("goes to every page by its link, keeps what each is set to, and takes the first one where an address names none", async () => {
    const { page, problems } = await site.open("#nowhere?seed=3");
    const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
    const titles = await links.allTextContents();
    expect(titles).toEqual(expect.arrayContaining(["Surrogate", "Physics"]));
    for (const title of titles) {
      await links.filter({ hasText: title }).click();
      await page.locator(`[aria-current=page]:text-is("${title}")`).waitFor();
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await page.title()).toBe(`${title} · Hooke`);
    }
    await go(page, "#surrogate?seed=7");
    await page.locator("[name=seed]").waitFor();
    await links.filter({ hasText: "Physics" }).click();
    await page.locator("[name=sides]").selectOption("2");
    await links.filter({ hasText: "Surrogate" }).click();
    expect(await page.locator("[name=seed]").inputValue()).toBe("7");
    await page.goBack();
    expect(await page.locator("[name=sides]").inputValue()).toBe("2");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("computes on while one looks at other pages and settings, and lists it", async () => {
    const { page, problems } = await site.open("#surrogate?epochs=10000&seed=1");
    await press(page, "Start");
    await state(page, "Training");
    await page.getByRole("link", { name: "Physics" }).click();
    await state(page, "Ready");
    await page.locator(".jobs summary", { hasText: "1 computing" }).focus();
    await page.keyboard.press("Enter");
    await job(page, "epochs 10000, seed 1").filter({ hasText: "computing at" }).waitFor();
    await go(page, "#surrogate?epochs=10&seed=2");
    await press(page, "Start");
    await state(page, "Finished");
    await job(page, "epochs 10, seed 2finished").waitFor();
    await press(page, "Pause Surrogate, epochs 10000, seed 1");
    await job(page, "epochs 10000, seed 1paused at").waitFor();

    await page.goto(`${site.url}#physics`);
    await page.reload();
    await page.locator(".jobs > summary").click();
    await press(page, "Resume Surrogate, epochs 10000, seed 1");
    await job(page, "epochs 10000, seed 1computing at").waitFor();
    await press(page, "Cancel Surrogate, epochs 10000, seed 1");
    await job(page, "epochs 10000, seed 1").waitFor({ state: "detached" });
    await press(page, "Remove Surrogate, epochs 10, seed 2");
    await page.getByText("Nothing has been started.").waitFor();
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("Jobs");
    expect(await page.getByText("Nothing has been started.").isVisible()).toBe(false);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("has lines and letters that stand out from what is behind them, in light and dark", async () => {
    const { page } = await site.open("#physics");
    const names = ["--card", "--paper", "--ink", "--quiet", "--accent", "--on-accent", "--warm", "--third"] as const;
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const colours = await page.evaluate(
        (all) =>
          all.map((name) => {
            const probe = document.body.appendChild(document.createElement("i"));
            probe.style.color = `var(${name})`;
            const { color } = getComputedStyle(probe);
            probe.remove();
            return color.match(/[\d.]+/g)!.map(Number);
          }),
        names,
      );
      // WCAG 2.2: relative luminance, and at least 4.5 : 1 for text and 3 : 1 for graphics.
      const luminance = (name: (typeof names)[number]): number => {
        const rgb = colours[names.indexOf(name)]!;
        const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
      };
      const contrast = (...pair: [(typeof names)[number], (typeof names)[number]]): number => {
        const [low, high] = pair.map(luminance).sort((a, b) => a - b) as [number, number];
        return (high + 0.05) / (low + 0.05);
      };
      for (const behind of ["--card", "--paper"] as const) {
        for (const text of ["--ink", "--quiet", "--accent"] as const) {
          expect(contrast(text, behind)).toBeGreaterThanOrEqual(4.5);
        }
        for (const line of ["--warm", "--third"] as const) expect(contrast(line, behind)).toBeGreaterThanOrEqual(3);
      }
      expect(contrast("--on-accent", "--accent")).toBeGreaterThanOrEqual(4.5);
    }
    await page.context().close();
  });
});
