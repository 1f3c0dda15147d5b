// What the built page looks like: on a phone, in light, dark and forced colours, its figures, and its access audited by axe.
import { join } from "node:path";
import { skipped } from "@hooke/browser-tests/harness/chromium";
import { watchMainThread } from "@hooke/browser-tests/harness/long-tasks";
import type axe from "axe-core";
import { source } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { firstEpoch, phone, press, reading, type Site, serve, state } from "./harness.ts";

describe.skipIf(skipped)(`the page of the demo${skipped}`, () => {
  let site: Site;
  beforeAll(async () => {
    site = await serve();
    console.log(`screenshots: ${site.folder}`);
  });
  afterAll(() => site?.close());
  const screenshot = (page: Page, name: string) =>
    page.screenshot({ path: join(site.folder, `${name}.png`), fullPage: true });
  const figure = (page: Page, title: string) => page.locator("figure", { has: page.getByText(title, { exact: true }) });

  it("fits a phone and keeps it responsive, in light and dark", async () => {
    const { page, problems } = await site.open("#epochs=60", { colorScheme: "light", ...phone });
    const { longTasks } = await watchMainThread(site.browser, page, async () => {
      await press(page, "Start");
      await state(page, "Finished");
    });
    expect(longTasks).toEqual([]);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(phone.viewport);
      await page.locator("[name=width]").waitFor({ state: "hidden" });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(phone.viewport.width);
      await screenshot(page, `phone-${colorScheme}`);
      await page.setViewportSize({ width: 1280, height: 1000 });
      await page.locator("[name=width]").waitFor();
      await screenshot(page, colorScheme);
    }
    expect(problems).toEqual([]);
  });

  it("shows on a phone, without scrolling, what Start sets in motion", async () => {
    const { page } = await site.open("#epochs=10000", phone);
    await page.locator("[name=width]").waitFor({ state: "hidden" });
    await press(page, "Start");
    await firstEpoch(page);
    const bottom = async (selector: string) => {
      const box = (await page.locator(selector).first().boundingBox())!;
      return box.y + box.height;
    };
    const { height } = phone.viewport;
    for (const selector of ["button.main", "#state", ".readings", "progress"]) {
      expect(await bottom(selector)).toBeLessThan(height / 2 + 50);
    }
    const chart = (await figure(page, "Loss").locator("canvas").boundingBox())!;
    expect(height - chart.y).toBeGreaterThan(chart.height / 2);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });

  it("draws axes before there is anything to draw, and says what fills them", async () => {
    const { page } = await site.open("#epochs=5");
    for (const title of ["Loss", "Parity"]) {
      await figure(page, title).getByText("Nothing yet: press Start.").waitFor();
      const grid = await figure(page, title)
        .locator("canvas")
        .evaluate((canvas: HTMLCanvasElement) => {
          const { width, height } = canvas;
          const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
          const painted = (x: number, y: number) => data[4 * (y * width + x) + 3] !== 0;
          const range = (count: number) => Array.from({ length: count }, (_, i) => i);
          return {
            across: range(height).filter((y) => range(width).filter((x) => painted(x, y)).length > 0.7 * width).length,
            upwards: range(width).filter((x) => range(height).filter((y) => painted(x, y)).length > 0.6 * height)
              .length,
          };
        });
      expect(grid.across).toBeGreaterThanOrEqual(3);
      expect(grid.upwards).toBeGreaterThanOrEqual(3);
    }
    await press(page, "Start");
    await state(page, "Finished");
    expect(await page.getByText("Nothing yet").count()).toBe(0);
  });

  it("draws values where they are, not on whole pixels", async () => {
    const { page } = await site.open("");
    await page.addInitScript(() => {
      const paths = new Map<Path2D, number[][]>();
      const { lineTo } = Path2D.prototype;
      Path2D.prototype.lineTo = function (x, y) {
        paths.set(this, [...(paths.get(this) ?? []), [x, y]]);
        lineTo.call(this, x, y);
      };
      Object.assign(globalThis, { paths });
    });
    await page.reload();
    // relu rises on its last 80 points, and its derivatives do not: on the screen too, those points lie on a straight line.
    const rising = await page.waitForFunction(() => {
      const { paths } = globalThis as unknown as { paths: Map<Path2D, [number, number][]> };
      const ends = [...paths.values()].map((points) => points.slice(-70));
      return ends.find((points) => points.length === 70 && points[0]![1] - points[69]![1] > 50);
    });
    const points = (await rising.jsonValue())!;
    const [[x0, y0], [x1, y1]] = [points[0]!, points[69]!];
    for (const [x, y] of points) expect(y).toBeCloseTo(y0 + ((y1 - y0) * (x - x0)) / (x1 - x0), 6);
  });

  it("tells lines apart without colours, in the figure and in its legend", async () => {
    const { page } = await site.open("", { forcedColors: "active" });
    await page.addInitScript(() => {
      const dashes = new Set<string>();
      const { setLineDash } = CanvasRenderingContext2D.prototype;
      CanvasRenderingContext2D.prototype.setLineDash = function (dash) {
        dashes.add([...dash].join(","));
        setLineDash.call(this, dash);
      };
      Object.assign(globalThis, { dashes });
    });
    await page.reload();
    const swatches = figure(page, "Activation").locator(".legend line");
    const styles = await swatches.evaluateAll((lines) =>
      lines.map((line) => [getComputedStyle(line).stroke, line.getAttribute("stroke-dasharray")!.replaceAll(" ", ",")]),
    );
    expect(new Set(styles.map(([stroke]) => stroke)).size).toBe(1);
    expect(new Set(styles.map(([, dash]) => dash)).size).toBe(3);
    await page.waitForTimeout(500);
    const drawn = await page.evaluate(() => [...(globalThis as unknown as { dashes: Set<string> }).dashes]);
    expect(drawn).toEqual(expect.arrayContaining(styles.map(([, dash]) => dash)));
    await screenshot(page, "forced-colours");
  });

  it("shows the network's activation, or another one, also while a training runs", async () => {
    const { page, problems } = await site.open("#activation=tanh&epochs=10000");
    const card = figure(page, "Activation");
    const choice = card.getByLabel("Function");
    expect(await choice.locator("option:checked").textContent()).toBe("the network's: tanh");
    await card.getByText("Activation as a table").click();
    const firstRow = () => card.locator("tbody tr").first().locator("td").allTextContents();
    // tanh(-4), 1 - tanh² and -2 tanh (1 - tanh²); sigmoid s, s (1 - s) and s (1 - s) (1 - 2 s), four digits each.
    await expect.poll(firstRow).toEqual(["−4", "−0.9993", "0.001341", "0.00268"]);
    await press(page, "Start");
    await firstEpoch(page);
    await choice.selectOption("sigmoid");
    await expect.poll(firstRow).toEqual(["−4", "0.01799", "0.01766", "0.01703"]);
    expect(await page.getByRole("combobox", { name: "Activation" }).inputValue()).toBe("tanh");
    await state(page, "Training");
    await press(page, "Pause");
    await state(page, "Paused");
    expect(await reading(page, "Epoch")).toMatch(/ of 10000$/);
    expect(problems).toEqual([]);
  });

  it("reads out the values under the pointer", async () => {
    const { page } = await site.open("#activation=relu");
    const card = figure(page, "Activation");
    await card.locator(".u-over").hover();
    await card.getByText("x 0: value 0, first derivative 0, second derivative 0.").waitFor();
    await page.mouse.move(0, 0);
    await card.getByText("x 0: value").waitFor({ state: "detached" });
  });

  it.each(["light", "dark"] as const)(
    "has no violation that axe finds, before and after training, %s",
    async (colorScheme) => {
      for (const viewport of [
        { width: 1280, height: 1000 },
        { width: 320, height: 700 },
      ]) {
        const { page } = await site.open("#epochs=5", { colorScheme, viewport });
        if (viewport.width < 800) await page.getByText("Settings", { exact: true }).click();
        await page.getByText("Backends of this browser").click();
        const violations = async () => {
          await page.addScriptTag({ content: source });
          // In the dark nothing but colours differs.
          const rules: axe.RunOptions = colorScheme === "dark" ? { runOnly: ["color-contrast"] } : {};
          const { violations } = await page.evaluate(
            (given) => (globalThis as unknown as { axe: typeof axe }).axe.run(given),
            rules,
          );
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
        };
        expect(await violations()).toEqual([]);
        await press(page, "Start");
        await state(page, "Finished");
        await page.locator("[name=epochs]").fill("6");
        await page.keyboard.press("Tab");
        await page.locator(".kept li").waitFor();
        expect(await violations()).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
        await screenshot(page, `audited-${colorScheme}-${viewport.width}`);
        await page.context().close();
      }
    },
  );

  it.each(["light", "dark"] as const)(
    "has lines and letters that stand out from what is behind them, %s",
    async (colorScheme) => {
      const { page } = await site.open("", { colorScheme });
      const names = ["--card", "--paper", "--ink", "--quiet", "--accent", "--on-accent", "--warm", "--third"] as const;
      const colours = await page.evaluate(
        (all) =>
          all.map((name) => {
            const probe = document.body.appendChild(document.createElement("i"));
            probe.style.color = `var(${name})`;
            return getComputedStyle(probe)
              .color.match(/[\d.]+/g)!
              .map(Number);
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
    },
  );
});
