// Files on a server, by parts: requests for ranges of bytes.
// Source: https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
import { checkArgument, checkOptions, checks, delay, fail, HookeError } from "@hooke/runtime";
import type { ByteFile } from "./byte-file.ts";

/** Options of {@link httpFile}. */
export interface HttpFileOptions {
  /** Sent with every request, such as `{ authorization: "Bearer ..." }`. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Times that a request is sent while the network fails or the server says that it is busy, and milliseconds before the second. */
const attempts = 4;
const firstWait = 250;

/**
 * A file on a server that answers requests for parts, as servers of files and object stores do. The first request asks for one byte; every
 * later one is refused where the server says that the file is another one by now (`ETag`, or the time of its last change).
 *
 * @throws if it cannot be had (`"unavailable"`), with the server's answer; where the server sends whole files alone (`"unsupported"`)
 * @example
 * ```ts no-run
 * import { httpFile, openShards } from "@hooke/io/shards";
 *
 * const names = ["train-00.safetensors", "train-01.safetensors"];
 * const files = await Promise.all(names.map((name) => httpFile(`https://example.org/scans/${name}`)));
 * const data = await openShards(files, { inputs: "images", targets: "stiffness", shuffle: "pieces" });
 * ```
 */
export async function httpFile(url: string | URL, options: HttpFileOptions = {}): Promise<ByteFile> {
  checkArgument("httpFile", "the address", url, (value) =>
    typeof value === "string" || value instanceof URL
      ? undefined
      : 'an address, such as "https://example.org/a.parquet"',
  );
  checkOptions<HttpFileOptions>("httpFile", options, {
    optional: {
      headers: (value) => (typeof value === "object" && !Array.isArray(value) ? undefined : "a record of texts"),
      signal: checks.signal,
    },
  });
  const { headers = {} } = options;
  const ask = (begin: number, end: number, signal: AbortSignal | undefined): Promise<Part> =>
    request(url, { headers: { ...headers, range: `bytes=${begin}-${end - 1}` }, ...(signal && { signal }) });

  const first = await ask(0, 1, options.signal);
  const size = Number(/^bytes 0-0\/(\d+)$/.exec(first.headers.get("content-range") ?? "")?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(size)) {
    const shown = first.headers.get("content-range") ?? "nothing";
    const cure = "Beside pages of another origin it needs Access-Control-Expose-Headers: Content-Range, ETag";
    fail(
      String(url),
      `the server says ${shown} of the file's size, where Content-Range states it. ${cure}.`,
      "unsupported",
    );
  }
  const version = versionOf(first);
  return {
    name: String(url),
    size,
    async read(begin, end, signal) {
      const part = await ask(begin, end, signal);
      const range = part.headers.get("content-range");
      if (versionOf(part) !== version || range !== `bytes ${begin}-${end - 1}/${size}`) {
        const now = `${range ?? "no range"}${version && `, version ${versionOf(part)}`}`;
        fail(
          String(url),
          `is another file than when it was opened (${size} bytes; now ${now}). Open it anew.`,
          "mismatch",
        );
      }
      return part.bytes;
    },
  };
}

/** A part of a file, as it came. */
interface Part {
  readonly headers: Headers;
  readonly bytes: Uint8Array;
}

const versionOf = ({ headers }: Part): string => headers.get("etag") ?? headers.get("last-modified") ?? "";

/** What comes of a request: the part, whole, or what the server says instead, or why nothing came. */
interface Answer {
  readonly part?: Part;
  readonly response?: Response;
  readonly error?: unknown;
}

async function answerOf(url: string | URL, init: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, init);
    if (response.status !== 206) return { response };
    return { part: { headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) } };
  } catch (error) {
    return { error };
  }
}

/** A part of a file, asked for again while it does not come whole. @throws unless it comes */
async function request(url: string | URL, init: RequestInit): Promise<Part> {
  for (let attempt = 1; ; attempt++) {
    const { part, response, error } = await answerOf(url, init);
    init.signal?.throwIfAborted();
    if (part !== undefined) return part;
    await response?.body?.cancel();
    if (response?.status === 200) {
      const cure = "Serve it from one that answers requests for ranges, or load it first";
      fail(String(url), `the server sends the whole file where a part is asked for. ${cure}.`, "unsupported");
    }
    const isBusy = response === undefined || response.status === 429 || response.status >= 500;
    if (!isBusy || attempt === attempts) {
      const answer = response ? `${response.status} ${response.statusText}`.trim() : causeOf(error);
      const tried = isBusy ? `, asked ${attempts} times` : "";
      throw new HookeError(`${url}: cannot be had (${answer}${tried}). Check the address and the connection.`, {
        code: "unavailable",
        cause: error ?? response,
      });
    }
    await delay(firstWait * 2 ** (attempt - 1), init.signal ?? undefined);
  }
}

/** What fetch hides behind "fetch failed". */
function causeOf(error: unknown): string {
  const { message = String(error), cause } = error as Partial<Error>;
  return cause instanceof Error && cause.message !== "" ? cause.message : message;
}
