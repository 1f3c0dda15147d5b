// A worker that measures folds: it reads the same file with the same settings as the one that asks.
import { foldMeasurer } from "@hooke/model-advisor";
import type { FoldReply, FoldRequest } from "./fold-messages.ts";
import { prepared } from "./prepared.ts";

const say = (reply: FoldReply): void => postMessage(reply);
let measure: ReturnType<typeof foldMeasurer>;

self.onmessage = async ({ data }: MessageEvent<FoldRequest>) => {
  if (data.type === "open") {
    measure = prepared(data.settings).then(({ table, options }) => foldMeasurer(table, options));
    // What fails here is told to whoever asks to measure.
    measure.catch(() => undefined);
    return;
  }
  try {
    say({ type: "measured", result: await (await measure)(data.work) });
  } catch (error) {
    say({ type: "error", message: error instanceof Error ? error.message : String(error) });
  }
};
