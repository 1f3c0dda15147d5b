// The pages of the workbench, in the order in which they are listed. Each is loaded when it is opened.
import type { Page } from "./page.ts";

export interface PageEntry {
  /** In the address. */
  readonly name: string;
  /** In the navigation: a word or two. */
  readonly title: string;
  readonly load: () => Promise<{ readonly default: Page }>;
}

export const pages: readonly [PageEntry, ...PageEntry[]] = [
  { name: "surrogate", title: "Surrogate", load: () => import("../pages/surrogate/page.tsx") },
  { name: "micrograph", title: "Micrograph", load: () => import("../pages/micrograph/page.tsx") },
  { name: "history", title: "Load history", load: () => import("../pages/history/page.tsx") },
  { name: "molecules", title: "Molecules", load: () => import("../pages/molecules/page.tsx") },
  { name: "physics", title: "Physics", load: () => import("../pages/physics/page.tsx") },
  { name: "advisor", title: "Advisor", load: () => import("../pages/advisor/page.tsx") },
  { name: "explorer", title: "Explorer", load: () => import("../pages/explorer/page.tsx") },
];

const loaded = new Map<string, Promise<Page>>();

/** A page by its name, loaded once. */
export function pageOf({ name, load }: PageEntry): Promise<Page> {
  let page = loaded.get(name);
  if (page === undefined) {
    page = load().then((module) => module.default);
    page.catch(() => loaded.delete(name));
    loaded.set(name, page);
  }
  return page;
}
