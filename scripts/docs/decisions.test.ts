// The pages of docs/decisions have one form, and the index has them all.
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";

const folder = new URL("../../docs/decisions/", import.meta.url).pathname;
const pages = globSync(`${folder}0*.md`).sort();
const index = readFileSync(`${folder}README.md`, "utf8");

test.each(pages.map((path) => [basename(path), path]))("%s", (name, path) => {
  const text = readFileSync(path, "utf8");
  const number = name.slice(0, 4);
  const [, title, date] = /^# \d{4}: (.+)\n\n(\d{4}-\d\d-\d\d)\n/.exec(text) ?? [];
  expect(text.startsWith(`# ${number}: `)).toBe(true);
  for (const section of ["Context", "Choice", "What would change our mind"])
    expect(text).toContain(`\n## ${section}\n`);
  expect(index).toMatch(new RegExp(`\\[${number}\\]\\(${name}\\) *\\| ${title} *\\| ${date} *\\|`));
});
