// What Ctrl-C ends, as a process of its own: `node interrupt.fixture.ts [endless]`. It says what it is at, and how it ended.
import { fit } from "../training/fit.ts";
import { options } from "../training/training.fixture.ts";
import { stopOnInterrupt } from "./interrupt.ts";

async function training(): Promise<void> {
  const { signal, release } = stopOnInterrupt();
  let saved = 0;
  const save = (bytes: Uint8Array): void => {
    saved = bytes.length;
  };
  const { stopReason, history } = await fit({
    ...options({ epochs: 1_000_000 }),
    signal,
    checkpoint: { every: 1_000_000, save },
    callbacks: [{ onEpoch: ({ epoch }) => void (epoch === 2 && console.log("at work")) }],
  });
  release();
  console.log(stopReason, history.length > 1, saved > 0);
}

/** Work that does not look at the signal. */
function endless(): void {
  stopOnInterrupt(() => console.log("stopping"));
  setInterval(() => {}, 1000);
  console.log("at work");
}

if (process.argv[2] === "endless") endless();
else await training();
