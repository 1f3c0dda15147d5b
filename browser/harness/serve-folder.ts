// Serves a built site from a folder of a server, as a host would: files, and nothing but files.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** Where on the server the site is: it was built without knowing. */
const place = "/any/where/";

export interface ServedFolder {
  /** Address of the site, with a slash at its end. */
  readonly url: string;
  /** What was sent since the last time, by path: bytes as they are transferred. */
  sent(): ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** @param folder what a build wrote */
export async function serveFolder(folder: string): Promise<ServedFolder> {
  if (!existsSync(folder)) throw new Error(`${folder} does not exist; run \`pnpm build\` first`);
  const packed = new Map<string, Buffer>();
  let sent = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url!, "http://localhost").pathname);
    const target = join(folder, path.slice(place.length));
    const file = existsSync(target) && statSync(target).isDirectory() ? join(target, "index.html") : target;
    if (!path.startsWith(place) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const body = packed.get(file) ?? gzipSync(readFileSync(file));
    packed.set(file, body);
    sent.set(path, body.length);
    response.writeHead(200, { "content-type": types[extname(file)] ?? "", "content-encoding": "gzip" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${place}`,
    sent() {
      const before = sent;
      sent = new Map();
      return before;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
