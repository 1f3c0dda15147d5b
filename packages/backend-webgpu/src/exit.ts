// Leaving Node cleanly: a device that is still at work when the process ends would crash it.

interface NodeProcess {
  once(event: "beforeExit" | "exit", listener: () => void): void;
  off(event: "beforeExit" | "exit", listener: () => void): void;
}

/**
 * Ends a device before the process does.
 *
 * @param end finishes what is under way and destroys the device
 * @param destroy destroys it at once, for `process.exit()`
 * @returns takes both back
 */
export function endWithProcess(end: () => Promise<void>, destroy: () => void): () => void {
  const { process } = globalThis as { process?: Partial<NodeProcess> };
  if (!process?.once || !process.off) return () => {};
  const onIdle = (): void => void end();
  process.once("beforeExit", onIdle);
  process.once("exit", destroy);
  return () => {
    process.off?.("beforeExit", onIdle);
    process.off?.("exit", destroy);
  };
}
