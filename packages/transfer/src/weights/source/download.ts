// A file from the network: it goes on where it broke off, is tried again a bounded number of times, and is believed when its checksum
// is right.
import { delay, fail, HookeError } from "@hooke/runtime";
import { sha256Of } from "./sha256.ts";
import type { Gathering } from "./weights-cache.ts";

/** How far a download is. */
export interface DownloadProgress {
  /** Bytes that are there, those of an earlier run included. */
  readonly completed: number;
  /** Bytes of the file; undefined where the server does not tell. */
  readonly total: number | undefined;
}

/** What decides how a file is downloaded. */
export interface DownloadOptions {
  readonly retries: number;
  /** In seconds. */
  readonly timeout: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Node's largest file in one piece. */
const largest = 2 ** 31 - 1;
/** Milliseconds before the first retry, which double with each, and the most of them, also where a server asks for more. */
const [firstPause, longestPause] = [500, 30_000];

/** A try that failed and may do better the next time. */
class Interruption extends Error {
  /** Milliseconds that the server asks to wait. */
  readonly wait: number;

  constructor(message: string, wait = 0) {
    super(message);
    this.wait = wait;
  }
}

/** An address in messages: without what may be secret in it. */
export const addressName = ({ origin, pathname }: URL): string => `${origin}${pathname}`;

/**
 * Downloads a file into `gathering`.
 *
 * @returns its bytes, whose SHA-256 is `sha256`
 * @throws if the server does not have it or does not let it be had (`"unavailable"`), or has another (`"corrupt-file"`); the signal's
 *   reason if it is aborted
 */
export async function download(
  url: URL,
  sha256: string,
  gathering: Gathering,
  { retries, signal, ...options }: DownloadOptions,
): Promise<Uint8Array> {
  const name = addressName(url);
  // A run that was killed may have had all of it.
  if (gathering.size > 0) {
    const bytes = await gathering.bytes();
    if ((await sha256Of(bytes)) === sha256) return bytes;
  }
  for (let tries = 1; ; tries++) {
    let wait = 0;
    let failure: string;
    try {
      const inOnePiece = await attempt(url, name, gathering, { ...options, signal });
      const bytes = await gathering.bytes();
      const found = await sha256Of(bytes);
      if (found === sha256) return bytes;
      await gathering.restart(undefined);
      failure = `has ${bytes.length} bytes with the SHA-256 ${found}, expected ${sha256}`;
      // Pieces of two versions can be of neither; what came in one piece comes again.
      if (inOnePiece) wrongFile(name, failure);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interruption)) throw error;
      failure = error.message;
      wait = error.wait;
    }
    if (tries > retries) {
      fail(
        name,
        `cannot be downloaded, tried ${tries} times: ${failure}. Try again later, which goes on from ${gathering.size} bytes, or ` +
          "download the file by other means and give its path.",
        "unavailable",
      );
    }
    await delay(Math.min(Math.max(wait, firstPause * 2 ** (tries - 1)), longestPause), signal);
  }
}

function wrongFile(name: string, failure: string): never {
  return fail(
    name,
    `${failure}: it is not the file that was asked for. Give an address that states a revision, and the checksum that its ` +
      "publisher gives for that.",
    "corrupt-file",
  );
}

/** Asks once for what is not there yet. @returns whether all of the file came at once */
async function attempt(
  url: URL,
  name: string,
  gathering: Gathering,
  { timeout, signal, onProgress }: Omit<DownloadOptions, "retries">,
): Promise<boolean> {
  const silence = new AbortController();
  const silent = new Interruption(`nothing arrived for ${timeout} s`);
  const listen = () => setTimeout(() => silence.abort(silent), timeout * 1000);
  let listening = listen();
  const heard = (): void => {
    clearTimeout(listening);
    listening = listen();
  };
  const stopped = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
  try {
    const response = await interruptible(fetch(url, { headers: headersFor(gathering), signal: stopped }));
    heard();
    checkStatus(response, name);
    const inOnePiece = await agree(response, gathering);
    const total = totalOf(response, gathering.size);
    if (total !== undefined && total > largest) tooLarge(name, total);
    onProgress?.({ completed: gathering.size, total });
    const reader = response.body?.getReader();
    for (;;) {
      const chunk = await interruptible(reader?.read() ?? Promise.resolve(undefined));
      heard();
      if (chunk?.value === undefined) break;
      if (gathering.size + chunk.value.length > largest) tooLarge(name, gathering.size + chunk.value.length);
      await gathering.append(chunk.value);
      onProgress?.({ completed: gathering.size, total });
    }
    if (total !== undefined && gathering.size < total) {
      throw new Interruption(`${gathering.size} of ${total} bytes arrived`);
    }
    return inOnePiece;
  } finally {
    clearTimeout(listening);
    // Ends what still arrives where this was left early.
    silence.abort(silent);
  }
}

/** What the network does not give is an interruption, with the reason that lies deepest. */
async function interruptible<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Interruption || error instanceof HookeError) throw error;
    let reason = error as Error;
    while (reason.cause instanceof Error) reason = reason.cause;
    throw new Interruption(`the connection failed (${reason.message || (reason as { code?: string }).code})`);
  }
}

function headersFor({ size, version }: Gathering): Record<string, string> {
  // Sizes are those of the file where nothing is compressed on the way.
  const headers: Record<string, string> = { "accept-encoding": "identity" };
  if (size > 0) headers.range = `bytes=${size}-`;
  if (size > 0 && version !== undefined) headers["if-range"] = version;
  return headers;
}

/** Statuses that may be another the next time. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

function checkStatus({ status, headers }: Response, name: string): void {
  if (status === 200 || status === 206 || status === 416) return;
  const answer = `the server answered ${status}`;
  if (passing.has(status)) {
    const seconds = Number(headers.get("retry-after") ?? 0);
    throw new Interruption(answer, Number.isFinite(seconds) ? seconds * 1000 : 0);
  }
  const cure =
    status === 401 || status === 403
      ? "It wants to know who asks: download the file by other means and give its path"
      : "Correct the address";
  fail(name, `cannot be downloaded: ${answer}. ${cure}.`, "unavailable");
}

/** Makes what was gathered fit what the server is about to send. @returns whether that is all of the file */
async function agree({ status, headers }: Response, gathering: Gathering): Promise<boolean> {
  if (status === 416) {
    await gathering.restart(undefined);
    throw new Interruption("the server has less of the file than arrived before");
  }
  if (status === 200) {
    await gathering.restart(versionOf(headers));
    return true;
  }
  // Of another origin, a page does not see the header.
  const start = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "")?.[1];
  if (start !== undefined && Number(start) !== gathering.size) {
    await gathering.restart(undefined);
    throw new Interruption("the server sent another part of the file than asked for");
  }
  return false;
}

/** What names a version for If-Range: a strong ETag, or the date of the last change. */
function versionOf(headers: Headers): string | undefined {
  const tag = headers.get("etag");
  if (tag !== null && !tag.startsWith("W/")) return tag;
  return headers.get("last-modified") ?? undefined;
}

/** The size of the file, where the server states it. */
function totalOf({ headers }: Response, before: number): number | undefined {
  const whole = /^bytes .*\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1];
  if (whole !== undefined) return Number(whole);
  const length = headers.get("content-length");
  if (length === null || headers.has("content-encoding")) return undefined;
  const total = before + Number(length);
  return Number.isSafeInteger(total) ? total : undefined;
}

function tooLarge(name: string, size: number): never {
  return fail(
    name,
    `takes ${size} bytes or more; files of less than 2 GiB are read in one piece. Give a smaller file, such as one in half precision.`,
    "unsupported",
  );
}
