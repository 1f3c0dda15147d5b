// Finds Firefox, as it is installed, and has it evaluate something in a page, through WebDriver BiDi; where there is none, says so.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withLavapipe } from "@hooke/testkit/deno";

/** Path of the browser. Undefined where there is none. */
export const executablePath: string | undefined = [
  process.env.HOOKE_FIREFOX,
  "/usr/bin/firefox",
  "/usr/bin/firefox-esr",
].find((path) => path && existsSync(path));

/** Why tests in Firefox are skipped, to go into their titles; empty where they run. */
export const skipped: string =
  executablePath === undefined ? " (skipped: no Firefox; install it, or set HOOKE_FIREFOX to its path)" : "";

/** Stable releases for Linux have WebGPU behind the first of these, and without a GPU behind the second. */
const preferences = ["dom.webgpu.enabled", "gfx.webgpu.ignore-blocklist"];

/** Where a Firefox that has been started listens. @throws where it ends before it says so */
function addressOf(firefox: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    firefox.on("error", reject);
    firefox.on("exit", () => reject(new Error(`firefox ended: ${said}`)));
    firefox.stderr!.on("data", (text) => {
      said += text;
      const address = /WebDriver BiDi listening on (ws:\S+)/.exec(said)?.[1];
      if (address) resolve(`${address}/session`);
    });
  });
}

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly message?: string;
}

/** Sends commands of the protocol, one after the other. */
async function connect(address: string): Promise<<T>(method: string, params: object) => Promise<T>> {
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error(`firefox does not answer at ${address}`));
  });
  let last = 0;
  return <T>(method: string, params: object) =>
    new Promise<T>((resolve, reject) => {
      const id = ++last;
      const hear = ({ data }: MessageEvent<string>): void => {
        const reply = JSON.parse(data) as Reply;
        if (reply.id !== id) return;
        socket.removeEventListener("message", hear);
        if (reply.result === undefined) reject(new Error(`firefox, ${method}: ${reply.message}`));
        else resolve(reply.result as T);
      };
      socket.addEventListener("message", hear);
      socket.addEventListener("close", () => reject(new Error("firefox went away")));
      socket.send(JSON.stringify({ id, method, params }));
    });
}

interface Evaluated {
  readonly result?: { readonly value: string };
  readonly exceptionDetails?: { readonly text: string };
}

/**
 * Opens a page in a Firefox of its own, without a window.
 *
 * @param expression of what is wanted there, JSON or a promise of it
 */
export async function evaluateInFirefox(url: string, expression: string): Promise<unknown> {
  if (executablePath === undefined) throw new Error("firefox: not found");
  const profile = mkdtempSync(join(tmpdir(), "hooke-firefox-"));
  writeFileSync(join(profile, "user.js"), preferences.map((name) => `user_pref("${name}", true);\n`).join(""));
  const firefox = spawn(
    executablePath,
    ["--headless", "--no-remote", "--remote-debugging-port", "0", "--profile", profile],
    { stdio: ["ignore", "ignore", "pipe"], env: { ...withLavapipe(), HOME: profile } },
  );
  try {
    const send = await connect(await addressOf(firefox));
    await send("session.new", { capabilities: {} });
    const { contexts } = await send<{ contexts: { context: string }[] }>("browsingContext.getTree", {});
    const { context } = contexts[0]!;
    await send("browsingContext.navigate", { context, url, wait: "complete" });
    const { result, exceptionDetails } = await send<Evaluated>("script.evaluate", {
      expression: `Promise.resolve(${expression}).then(JSON.stringify)`,
      target: { context },
      awaitPromise: true,
    });
    if (exceptionDetails) throw new Error(`${url}: ${exceptionDetails.text}`);
    return JSON.parse(result!.value);
  } finally {
    const ended = new Promise((resolve) => firefox.once("exit", resolve));
    firefox.removeAllListeners("exit").once("exit", () => {});
    firefox.kill();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 10_000))]);
    rmSync(profile, { recursive: true, force: true });
  }
}
