// Every link of every page leads to a page and, where it names one, to a heading there.
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { expect, test } from "vitest";

const dist = join(import.meta.dirname, "../dist");
const pages = globSync("**/*.html", { cwd: dist, exclude: (name) => name === "api" });
const texts = new Map(pages.map((page) => [page, readFileSync(join(dist, page), "utf8")]));
const anchors = new Map(
  [...texts].map(([page, text]) => [page, new Set([...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))]),
);

/** What is wrong with a link of a page; undefined where nothing is. */
function problem(page: string, link: string): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  if (link.startsWith("/")) return "is absolute, and wrong in any folder but the first of a server";
  const [path, anchor] = link.split("#") as [string, string?];
  const target = path === "" ? page : relative(".", normalize(join(dirname(page), decodeURIComponent(path))));
  // The reference is built apart; the type checker has seen that what it is asked for is there.
  if (target.startsWith("api"))
    return existsSync(join(dist, "api")) && !existsSync(join(dist, target)) ? "is not in the reference" : undefined;
  const there = join(dist, target);
  const file = existsSync(there) && statSync(there).isDirectory() ? join(target, "index.html") : target;
  if (!existsSync(join(dist, file))) return "leads nowhere";
  if (anchor && !anchors.get(file)?.has(decodeURIComponent(anchor))) return "names no heading of that page";
  return undefined;
}

test("there are pages", () => expect(pages.length).toBeGreaterThan(100));

test("every link leads somewhere", () => {
  const wrong = [...texts].flatMap(([page, text]) =>
    [
      ...new Set(
        [...text.matchAll(/<(?:a|link|script|img|source)\b[^>]*? (?:href|src|srcset)="([^"]*)"/g)].map(
          ([, link]) => link!,
        ),
      ),
    ].flatMap((link) => {
      const what = problem(page, link.replaceAll("&amp;", "&"));
      return what === undefined ? [] : [`${page}: ${link} ${what}`];
    }),
  );
  expect(wrong).toEqual([]);
});
