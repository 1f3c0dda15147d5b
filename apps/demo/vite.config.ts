// Builds the demo as static files that work from any folder of a server.
import { defineConfig, type HtmlTagDescriptor, type Plugin } from "vite";

const tag = (
  name: string,
  attrs: Readonly<Record<string, string>>,
  injectTo: "head" | "head-prepend" = "head",
): HtmlTagDescriptor => ({
  tag: name,
  attrs: { ...attrs },
  injectTo,
});

/** What the heads of all pages have. */
const head: Plugin = {
  name: "head",
  transformIndexHtml: {
    order: "pre",
    handler: () => [
      tag("meta", { charset: "utf-8" }, "head-prepend"),
      tag("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }, "head-prepend"),
      tag("meta", { name: "color-scheme", content: "light dark" }),
      tag("link", { rel: "icon", href: "data:," }),
      tag("link", { rel: "stylesheet", href: "/src/style.css" }),
    ],
  },
};

export default defineConfig({
  base: "./",
  plugins: [head],
  build: { target: "es2022", rolldownOptions: { input: ["index.html", "plate.html"] } },
  worker: { format: "es" },
});
