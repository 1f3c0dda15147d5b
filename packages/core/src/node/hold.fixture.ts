// The process that lock.test.ts kills: takes a folder, writes a checkpoint again and again, and says when it has begun.
import { checkpointFile } from "./checkpoint-file.ts";

const store = checkpointFile(process.argv[2]!);
await store.open();
for (let i = 0; ; i++) {
  await store.save(new Uint8Array(2_000_000).fill(i), { epoch: 0, batch: 0, step: i });
  if (i === 0) process.stdout.write("begun");
}
