// The page of the advisor, with a real file: from the empty page to the report and the model that were downloaded, by keyboard; what it says of
// files that cannot be read; that it pauses and goes on; and what it looks like.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { skipped } from "@hooke/browser-tests/harness/chromium";
import { hooke } from "@hooke/cli";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { choose, csv, downloaded, focused, lookAt, press, reading, type Site, serve, state, tabTo } from "./harness.ts";

const yacht = fileURLToPath(new URL("../../../packages/testkit/data/yacht.csv", import.meta.url));
const target = "residuary_resistance";

describe.skipIf(skipped)(`the page of the advisor${skipped}`, () => {
  let site: Site;
  let folder: string;
  beforeAll(async () => {
    site = await serve();
    folder = await mkdtemp(join(tmpdir(), "hooke-advisor-"));
  });
  afterAll(async () => {
    await site?.close();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it("advises by keyboard alone, from an empty page to a report and a model that the command line reads", async () => {
    const { page, problems } = await site.open("#advisor?seconds=1&groups=none", { acceptDownloads: true });
    await page.getByText("Drop a CSV file here").waitFor();
    await page.getByText("Drop or choose a file first").waitFor();
    await page.getByText("webgpu (does not run f64)").waitFor({ state: "attached" });
    await tabTo(page, "Choose a file");
    await choose(page, yacht, () => page.keyboard.press("Enter"));
    await page.getByText("308 rows, 7 columns.").waitFor();
    await page.getByText("Choose the target under Settings").waitFor();
    await page.locator("[name=target]").focus();
    await page.keyboard.type(target);
    await expect.poll(() => page.url()).toContain(`target=${target}`);
    await tabTo(page, "Copy link");
    await page.locator("[name=seed]").focus();
    await page.keyboard.press("Enter");
    await state(page, "Measuring");
    expect(await focused(page)).toBe("Pause");
    await page.locator(".bars tbody tr", { hasText: "boosting" }).waitFor();
    await page.locator("#state", { hasText: "Finished" }).waitFor({ timeout: 280_000 });
    const advised = (await page.locator(".bars .chosen th").textContent())!.replace("advised", "");
    await page.locator(".verdict .first", { hasText: `Use ${advised}: RMSE` }).waitFor();

    // Asked by arrow keys; beyond what was seen it says so.
    const said = page.locator(".said");
    await said.getByText("Inside of what it was taught on.").waitFor();
    const before = await said.locator("strong").textContent();
    const slider = page.getByRole("slider").last();
    await slider.focus();
    await page.keyboard.press("End");
    await said.getByText(/Outside of what it was taught on: froude_number \S+ is above/).waitFor();
    expect(await said.locator("strong").textContent()).not.toBe(before);
    expect(await said.textContent()).toMatch(/90 % of true values are expected between/);
    await page.locator("label.outside").waitFor();

    await page.locator("[name=target]").focus();
    await page.locator("h1").evaluate((heading: HTMLElement) => {
      heading.tabIndex = -1;
      heading.focus();
    });
    const model = await downloaded(page, "Download the model", folder);
    const report = await downloaded(page, "Download the report", folder);
    await lookAt(page, "advisor");

    // What was downloaded holds without this page.
    const [heads, ...rows] = (await readFile(yacht, "utf8")).trim().split("\n");
    const file = join(folder, "new.csv");
    await writeFile(file, `${[heads, ...rows.slice(0, 3)].join("\n")}\n`);
    let output = "";
    const code = await hooke(["predict", model, file, "--json"], {
      output: {
        write: (text: string) => {
          output += text;
        },
      },
      messages: { write: () => undefined },
    });
    expect(code).toBe(0);
    const predictions = JSON.parse(output) as Record<string, number | string>[];
    for (const [i, prediction] of predictions.entries()) {
      expect(prediction.domain).toBe("inside");
      const truth = Number(rows[i]!.split(",").at(-1));
      expect(prediction[target]).toBeCloseTo(truth, -1);
      expect(prediction.lower).toBeLessThan(prediction.upper as number);
    }
    const opened = await page.context().newPage();
    await opened.goto(`file://${report}`);
    await opened.getByRole("heading", { name: `Which method fits ${target}` }).waitFor();
    await opened.locator("canvas").first().waitFor();

    // What is kept is shown again, and can be asked, after a reload.
    await page.reload();
    await state(page, "Finished");
    await page.locator(".said").getByText("Inside of what it was taught on.").waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("pauses, and goes on after a reload without measuring again", async () => {
    const { page, problems } = await site.open("#advisor?seconds=60&groups=none");
    await choose(page, yacht);
    await page.locator("[name=target]").selectOption(target);
    await press(page, "Start");
    await page
      .locator(".bars tbody tr", { hasText: "ridge" })
      .filter({ hasText: /[1-9]\d* fold/ })
      .waitFor();
    await press(page, "Pause");
    await state(page, "Paused");
    const folds = Number(await reading(page, "Folds measured"));
    await page.reload();
    await state(page, "Paused");
    expect(Number(await reading(page, "Folds measured"))).toBe(folds);
    await page.getByText("308 rows, 7 columns.").waitFor();
    await press(page, "Resume");
    await page.waitForFunction(
      (least) => [...document.querySelectorAll(".readings dd")].some(({ textContent }) => Number(textContent) >= least),
      Math.max(3, folds),
    );
    await press(page, "Reset");
    await state(page, "Ready");
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it("says what is wrong with a file and what cures that, and takes what is dropped", async () => {
    const { page, problems } = await site.open("#advisor");
    await choose(page, csv("odd.csv", "a,b\n1,2\n3,4,5\n"));
    await page
      .getByRole("alert")
      .filter({ hasText: /odd\.csv: line 3 .*How the file is written is set/ })
      .waitFor();
    await choose(page, csv("german.csv", "Dicke;Labor;Last\nmm;;kN\n1,5;A;10,5\n2,5;B;NA\n"));
    await page.getByText("2 rows, 3 columns.").waitFor();
    await page.locator("tr", { hasText: "Last" }).getByText("names", { exact: true }).waitFor();
    await page.locator("[name=missing]").fill("NA");
    await page.keyboard.press("Tab");
    await page.locator("tr", { hasText: "Last" }).getByText("10.5 to 10.5, half below 10.5").waitFor();
    expect(page.url()).toMatch(/delimiter=%3B&decimal=%2C&units=units/);
    // A unit that is typed counts instead of the file's.
    await page.getByLabel("Unit of Last").fill("N");
    await page.keyboard.press("Tab");
    await expect.poll(() => page.url()).toContain("typed=%7B%22Last%22%3A%22N%22%7D");
    await page.locator(".drop").evaluate((place) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["x,y\n1,2\n3,4\n"], "dropped.csv"));
      place.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
    });
    await page.getByRole("heading", { name: "dropped.csv" }).waitFor();
    await page.goto(`${site.url}#advisor?data=gone.csv-01234567`);
    await page
      .getByRole("alert")
      .filter({ hasText: 'The file "gone.csv-01234567" is not kept in this browser' })
      .waitFor();
    await press(page, "Try the concrete data");
    await page.getByText("1,030 rows, 9 columns.").waitFor();
    expect(problems).toEqual([]);
    await page.context().close();
  });
});
