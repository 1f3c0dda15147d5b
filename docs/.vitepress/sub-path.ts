// The built site runs from any folder of a server: what its pages load and link to is relative, and its scripts ask the page where it is.

import type { Plugin } from "vitepress";

/** In the scripts of pages: where the site is on its server, such as `/` or `/any/where/`. */
const base = "globalThis.__VP_SITE_DATA__.base";

/** Scripts find each other by relative paths. The search knows pages by paths from the root of the site: it gets where that is. */
export const subPath: Plugin = {
  name: "sub-path",
  apply: "build",
  config: (_, { isSsrBuild }) => ({
    experimental: { renderBuiltUrl: () => ({ relative: true }) },
    // What renders the pages once need not be small.
    ...(isSsrBuild
      ? { build: { rollupOptions: { treeshake: false } } }
      : { define: { "import.meta.env.BASE_URL": base } }),
  }),
  transform(code, id) {
    if (!/@localSearchIndex\w+$/.test(id)) return undefined;
    return `${code}.replace(/"\\/(?=[^"]*")/g, () => '"' + ${base})`;
  },
};

/** A page whose addresses are relative to itself. */
export function relativePage(html: string, page: string): string {
  const toRoot = "../".repeat(page.split("/").length - 1) || "./";
  const relative = html.replace(
    /(<(?:a|link|script|img|source)\b[^>]*? (?:href|src|srcset)=")\/(?!\/)/g,
    `$1${toRoot}`,
  );
  const place = `__VP_SITE_DATA__.base=new URL(${JSON.stringify(toRoot)},location.href).pathname;`;
  return relative.replace(
    /(window\.__VP_SITE_DATA__=(?:deserializeFunctions\()?JSON\.parse\("(?:[^"\\]|\\.)*"\)\)?;)/s,
    `$1${place}`,
  );
}
