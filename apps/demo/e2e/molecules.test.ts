// The page of molecules: it learns by keyboard, answers what is typed, also of a file of one's own; OpenChemLib comes with the page alone.
import { skipped } from "@hooke/browser-tests/harness/chromium";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { choose, csv, focused, lookAt, press, reading, type Site, serve, state, takePicture } from "./harness.ts";

describe.skipIf(skipped)(`the page of molecules${skipped}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
  });
  afterAll(() => site?.close());

  it("learns, goes on after a pause and a reload, and says of any molecule what it is, how sure that is, and which atoms count", async () => {
    const { page, problems } = await site.open("#molecules?members=2&updates=100");
    await page.getByRole("heading", { name: "Molecules, learned live" }).waitFor();
    await page.getByRole("button", { name: "Start", exact: true }).focus();
    await page.keyboard.press("Enter");
    await state(page, "Learning");
    expect(await focused(page)).toBe("Pause");
    await expect.poll(() => reading(page, "Networks"), { timeout: 90_000 }).toBe("1 of 2");
    await page.keyboard.press("Enter");
    await state(page, "Paused");
    await page.reload();
    await state(page, "Paused");
    expect(await reading(page, "Networks")).toBe("1 of 2");
    await press(page, "Resume");
    await page.locator("#state", { hasText: "Finished" }).waitFor();
    expect(await reading(page, "Within 90 % bounds")).toMatch(/^(7[5-9]|8\d|9\d|100) %$/);
    const said = page.locator(".said");
    await said.getByText(/^octanol-water partition: \S+$/).waitFor();
    await said.getByText(/^Nine in ten such molecules lie between \S+ and \S+\.$/).waitFor();
    await said.getByText(/^Measured: such bounds held \d+ % of 72 molecules/).waitFor();
    expect(await page.locator(".molecule svg").getAttribute("aria-label")).toMatch(
      /^The molecule; most is added by [A-Z]/,
    );
    await lookAt(page, "molecules");
    await page.getByLabel("Molecule, as SMILES").fill("CCCCCCCCCCCCCCCCCC[Si](C)(C)C");
    await said.getByText(/Outside of what it was taught on: .*heavy atoms/).waitFor();
    await page.getByLabel("Molecule, as SMILES").fill("C1CC");
    await page.getByRole("alert").getByText('"C1CC" is no SMILES').waitFor();
    await page.setViewportSize({ width: 320, height: 700 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("learns a file of one's own", async () => {
    const { page, problems } = await site.open("#molecules?members=2&updates=20");
    const rows = Array.from(
      { length: 80 },
      (_, i) => `${"C".repeat(1 + (i % 16))}${["O", "N", "Cl", "Br", "F"][i % 5]}`,
    );
    const file = csv(
      "soluble.csv",
      `name,smiles,solubility\n${rows.map((text, i) => `m${i},${text},${-0.4 * text.length}`).join("\n")}\n`,
    );
    await choose(page, file, () => page.getByRole("button", { name: "Choose a file" }).click());
    await page.getByText("80 rows, 3 columns.").waitFor();
    await page.locator("[name=target]").selectOption("solubility");
    await press(page, "Start");
    await page.locator("#state", { hasText: "Finished" }).waitFor();
    await page
      .locator(".said")
      .getByText(/^solubility: \S+$/)
      .waitFor();
    await takePicture(page, "molecules-own");
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
