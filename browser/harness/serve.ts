// Serves bundled pages on localhost, with or without the headers that make a page cross-origin isolated.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A running server. */
export interface Site {
  /** `http://localhost:PORT`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Options of {@link serve}. */
export interface ServeOptions {
  /** Whether pages are cross-origin isolated, so that they have `SharedArrayBuffer`. */
  readonly isolated: boolean;
  /** A `Content-Security-Policy`. */
  readonly policy?: string;
}

const isolation = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

const html = (script: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Hooke</title><link rel="icon" href="data:,"><script type="module" src="${script}"></script></html>`;

/** @param scripts JavaScript by URL path; each `/name.js` also has a page at `/name` that loads it */
export async function serve(scripts: ReadonlyMap<string, string>, { isolated, policy }: ServeOptions): Promise<Site> {
  const server = createServer((request, response) => {
    const path = new URL(request.url!, "http://localhost").pathname;
    const script = scripts.get(path);
    const body = script ?? (scripts.has(`${path}.js`) ? html(`${path}.js`) : undefined);
    response.writeHead(body === undefined ? 404 : 200, {
      "content-type": `${script === undefined ? "text/html" : "text/javascript"}; charset=utf-8`,
      ...(isolated && isolation),
      ...(policy !== undefined && { "content-security-policy": policy }),
    });
    response.end(body ?? "not found");
  });
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
