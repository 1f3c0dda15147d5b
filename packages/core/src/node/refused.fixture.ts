// The process that checkpoint-file.test.ts runs where it may not do all it wants: saves a small checkpoint, then a large one, and
// prints the error.
import { HookeError } from "@hooke/runtime";
import { checkpointFile } from "./checkpoint-file.ts";

const store = checkpointFile(process.argv[2]!);
const at = { epoch: 0, batch: 0, step: 0 };
try {
  await store.open();
  await store.save(Uint8Array.of(1, 2, 3), at);
  await store.save(new Uint8Array(10_000_000), at);
} catch (error) {
  const { message, code } = error as HookeError;
  console.log(JSON.stringify({ hooke: error instanceof HookeError, message, code }));
}
await store.close();
