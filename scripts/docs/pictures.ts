// The pictures of guides: figures of reports that the guides' own programs write, in light and in dark, as `docs/pictures/NAME-light.webp`.
// `node scripts/docs/pictures.ts [NAME]...` makes them anew, those that are named or all; it needs Chromium.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "../../browser/harness/chromium.ts";
import { extractFromMarkdown, prepareFolder, runExample } from "./examples.ts";

const root = join(import.meta.dirname, "../..");
/** What is used of sharp, which `@hooke/io` has. */
type Sharp = (image: Uint8Array) => {
  webp(options: { readonly quality: number; readonly effort: number }): {
    toBuffer(options: { readonly resolveWithObject: true }): Promise<{
      readonly data: Uint8Array;
      readonly info: { readonly width: number; readonly height: number; readonly size: number };
    }>;
  };
};
const sharp: Sharp = createRequire(join(root, "packages/io/package.json"))("sharp");

/** A figure of a report. */
interface Picture {
  readonly guide: string;
  /** What the guide's program writes. */
  readonly report: string;
  /** Heading of the figure. */
  readonly figure: string;
}

const pictures: Readonly<Record<string, Picture>> = {
  parity: { guide: "csv", report: "report.html", figure: "Predicted against actual" },
  radii: { guide: "images", report: "radii.html", figure: "Furthest off" },
  growth: { guide: "load-histories", report: "cracks.html", figure: "Growth of a crack held back" },
  effect: { guide: "uncertainty", report: "why.html", figure: "strength by age" },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in pictures));
if (unknown.length > 0)
  throw new Error(`there is no picture ${unknown.join(", ")}; there are ${Object.keys(pictures).join(", ")}`);

const browser = await launch();
for (const [name, { guide, report, figure }] of Object.entries(pictures)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const path = `docs/guides/${guide}.md`;
  const text = readFileSync(join(root, path), "utf8");
  const folder = prepareFolder(root, path, text);
  const programs = extractFromMarkdown(path, text).filter(({ run, code }) => run && code.includes(`"${report}"`));
  for (const program of programs) await runExample(root, program, folder);
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browser.newPage({ colorScheme, deviceScaleFactor: 2, viewport: { width: 640, height: 900 } });
    await page.goto(pathToFileURL(join(folder, report)).href, { waitUntil: "load" });
    await page.addStyleTag({ content: "section.figure { margin: 0; padding: 1rem; } details { display: none; }" });
    const section = page.getByRole("region", { name: figure, exact: true });
    await section.locator("figure").first().waitFor();
    const { data, info } = await sharp(await section.screenshot())
      .webp({ quality: 60, effort: 6 })
      .toBuffer({ resolveWithObject: true });
    writeFileSync(join(root, `docs/pictures/${name}-${colorScheme}.webp`), data);
    console.log(
      `${name}-${colorScheme}.webp: ${info.width / 2} x ${info.height / 2}, ${(info.size / 1000).toFixed(0)} kB`,
    );
    await page.close();
  }
}
await browser.close();
