// The page that solves a plate: what it shows while it solves, that it pauses, resumes and is kept, and what it looks like.
import { skipped } from "@hooke/browser-tests/harness/chromium";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { focused, lookAt, press, reading, type Site, serve, state } from "./harness.ts";

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
  });
  afterAll(() => site?.close());

  it("solves by keyboard, draws what is found, and goes on after a pause and a reload", async () => {
    const { page, problems } = await site.open("#physics?sides=1");
    await page.getByRole("heading", { name: "A plate, solved live" }).waitFor();
    await page.getByRole("button", { name: "Start", exact: true }).focus();
    await page.keyboard.press("Enter");
    await state(page, "Solving");
    await page.locator(".live").nth(3).waitFor();
    expect(await focused(page)).toBe("Pause");
    await page.keyboard.press("Enter");
    await state(page, "Paused");
    const step = await reading(page, "Step");
    await page.reload();
    await state(page, "Paused");
    expect(await reading(page, "Step")).toBe(step);
    await page.locator(".live").nth(3).waitFor();
    await press(page, "Resume");
    await page.locator("#state", { hasText: "Finished" }).waitFor({ timeout: 200_000 });
    expect(await error(page)).toBeLessThan(1e-3);
    expect(await reading(page, "Step")).toBe("2,800 of 2,800");
    for (const title of ["Deflection", "Error of the deflection", "What the equation leaves over", "Loss and error"]) {
      expect(await page.getByRole("heading", { name: title, exact: true }).count(), title).toBe(1);
    }
    await lookAt(page, "physics");
    expect(problems).toEqual([]);
  });

  it("solves a plate of other sides, on wasm, which runs 64 bits", async () => {
    const { page, problems } = await site.open("#physics");
    await page.getByText("Backends of this browser").click();
    await page.locator(".devices", { hasText: /Chosen: wasm \(.*webgpu: does not run f64\)/ }).waitFor();
    await page.getByLabel("Sides").selectOption("2");
    await press(page, "Start");
    await page.locator(".live", { hasText: "2.0" }).first().waitFor();
    await press(page, "Reset");
    await state(page, "Ready");
    await page.getByText("Nothing yet: press Start.").waitFor();
    expect(problems).toEqual([]);
  });
});
