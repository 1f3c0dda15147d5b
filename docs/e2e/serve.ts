// The built site in a folder of a server, as a host would serve it.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

/** Where the site is built. */
export const dist = join(import.meta.dirname, "../dist");

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
};

export interface Served {
  /** Address of the site, with a slash at its end. */
  readonly url: string;
  /** What was sent since the last time, by path: bytes as they are transferred. */
  sent(): ReadonlyMap<string, number>;
  close(): void;
}

export async function serve(): Promise<Served> {
  if (!existsSync(dist)) throw new Error("docs: docs/dist does not exist; run `pnpm build` first");
  const folder = "/any/where/";
  let sent = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://localhost").pathname);
    const target = join(dist, path.slice(folder.length));
    const file = existsSync(target) && statSync(target).isDirectory() ? join(target, "index.html") : target;
    if (!path.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const body = gzipSync(readFileSync(file));
    sent.set(path, body.length);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "", "content-encoding": "gzip" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${folder}`,
    sent() {
      const before = sent;
      sent = new Map();
      return before;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
