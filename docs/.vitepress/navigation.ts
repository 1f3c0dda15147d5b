// What the bars of the site list: pages of a folder, in the order of its index.

import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { DefaultTheme } from "vitepress";
import { pageOf, root } from "./pages.ts";

type Item = DefaultTheme.SidebarItem;

interface Page {
  readonly title: string;
  readonly link: string;
}

const read = (file: string): string => readFileSync(join(root, file), "utf8");

function pageIn(file: string): Page {
  const title = /^# (.+)$/m.exec(read(file))?.[1]?.replaceAll("`", "");
  if (title === undefined) throw new Error(`${file}: has no title; begin it with a line "# Title"`);
  return { title, link: `/${pageOf(file).replace(/(^|\/)index\.md$|\.md$/, "$1")}` };
}

/** The pages of a folder of `docs`, in the order in which its index links to them, and under its headings. */
function pagesOf(folder: string): Item[] {
  const pages = globSync(`docs/${folder}/*.md`, { cwd: root }).map((file) => basename(file));
  const linksOf = (text: string): string[] => [
    ...new Set([...text.matchAll(/\]\((?:\.\/)?([\w-]+\.md)\)/g)].map(([, file]) => file!)),
  ];
  const index = read(`docs/${folder}/index.md`);
  const linked = linksOf(index);
  const forgotten = pages.filter((file) => file !== "index.md" && !linked.includes(file));
  if (forgotten.length > 0) throw new Error(`docs/${folder}/index.md: has no link to ${forgotten.join(", ")}; add it`);
  const itemsOf = (text: string): Item[] =>
    linksOf(text)
      .map((file) => pageIn(`docs/${folder}/${file}`))
      .map(({ title, link }) => ({ text: title, link }));
  const [first, ...parts] = index.split(/^## /m);
  const groups = parts.map((part) => ({ text: part.slice(0, part.indexOf("\n")), items: itemsOf(part) }));
  return [...itemsOf(first!), ...groups.filter(({ items }) => items.length > 0)];
}

/** READMEs of folders of the repository, named after their folders. */
function readmesOf(pattern: string): Item[] {
  return globSync(pattern, { cwd: root })
    .sort()
    .map((file) => ({ text: basename(join(file, "..")), link: pageIn(file).link }));
}

const decisions = (): Item[] =>
  globSync("docs/decisions/0*.md", { cwd: root })
    .sort()
    .map(pageIn)
    .map(({ title, link }) => ({ text: title, link }));

const start: Item[] = [{ text: "Start", link: "/start/", items: pagesOf("start") }];
const handbook: Item[] = [{ text: "Handbook", link: "/handbook/", items: pagesOf("handbook") }];
const guides: Item[] = [{ text: "Guides", link: "/guides/", items: pagesOf("guides") }];

export const sidebar = (): DefaultTheme.SidebarMulti => ({
  "/start/": start,
  "/handbook/": handbook,
  "/guides/": guides,
  "/reference/": [
    {
      text: "Reference",
      link: "/reference/",
      items: [
        ...pagesOf("reference"),
        { text: "API, symbol by symbol", link: "/api/index.html", target: "_self" },
        { text: "Conformance of backends", link: "/reference/conformance" },
        { text: "Benchmarks", link: "/reference/benchmarks/" },
        { text: "Contributing", link: "/reference/contributing" },
      ],
    },
    { text: "Packages", items: readmesOf("packages/*/README.md") },
    { text: "Examples", items: readmesOf("examples/*/README.md") },
    { text: "Decisions", link: "/reference/decisions/", items: decisions(), collapsed: true },
  ],
});

export const bar: DefaultTheme.NavItem[] = [
  { text: "Start", link: "/start/", activeMatch: "/start/" },
  { text: "Handbook", link: "/handbook/", activeMatch: "/handbook/" },
  { text: "Guides", link: "/guides/", activeMatch: "/guides/" },
  { text: "Reference", link: "/reference/", activeMatch: "/reference/" },
];
