// The page that solves a plate: what it shows while it solves, that it stops, and what it looks like.
import { join } from "node:path";
import { skipped } from "@hooke/browser-tests/harness/chromium";
import type axe from "axe-core";
import { source } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { focused, phone, press, reading, type Site, serve, state } from "./harness.ts";

const error = async (page: Page): Promise<number> => {
  const text = (await reading(page, "Relative error"))!;
  const [, mantissa, exponent] = /^([\d.]+)(?: · 10(\S+))?$/.exec(text) ?? [];
  const digits = (exponent ?? "")
    .replace("⁻", "-")
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(digit)));
  return Number(mantissa) * 10 ** Number(digits);
};

describe.skipIf(skipped)(`the page of the plate${skipped}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
    console.log(`screenshots: ${site.folder}`);
  });
  afterAll(() => site?.close());
  const screenshot = (page: Page, name: string) =>
    page.screenshot({ path: join(site.folder, `${name}.png`), fullPage: true });

  it("solves it, and draws what is found, in light and dark, and on a phone", async () => {
    const { page, problems } = await site.open("plate.html", { colorScheme: "light" });
    const desktop = page.viewportSize()!;
    await press(page, "Solve");
    await page.locator(".live").nth(3).waitFor();
    await state(page, "Solving");
    await page.locator("#state", { hasText: "Finished" }).waitFor({ timeout: 200_000 });
    expect(await error(page)).toBeLessThan(1e-3);
    for (const title of ["Deflection", "Error of the deflection", "What the equation leaves over", "Loss and error"]) {
      expect(await page.getByRole("heading", { name: title, exact: true }).count(), title).toBe(1);
    }
    await page.evaluate(source);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(desktop);
      await page.waitForTimeout(300);
      await screenshot(page, `plate-${colorScheme}`);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`)).toEqual([]);
      await page.setViewportSize(phone.viewport);
      await page.waitForTimeout(300);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.viewport.width);
      await screenshot(page, `plate-phone-${colorScheme}`);
    }
    expect(problems).toEqual([]);
  });

  it("is stopped and started again by keyboard, with other sides", async () => {
    const { page, problems } = await site.open("plate.html");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Solve");
    await page.keyboard.press("Enter");
    await state(page, "Solving");
    await page.locator(".live").nth(3).waitFor();
    expect(await focused(page)).toBe("Stop");
    await page.keyboard.press("Enter");
    await state(page, "Stopped");
    await page.getByLabel("Sides").selectOption("2");
    await press(page, "Solve");
    await state(page, "Solving");
    await page.locator(".live", { hasText: "2.0" }).first().waitFor();
    await press(page, "Stop");
    await state(page, "Stopped");
    expect(problems).toEqual([]);
  });
});
