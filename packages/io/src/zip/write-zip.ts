// Zip files, written at once; without dates, so that the same content gives the same bytes.
// Source: PKWARE, APPNOTE.TXT 6.3.10
import { crc32 } from "@hooke/data/safetensors";
import { fail } from "@hooke/runtime";

/** 1 January 1980, where the format's time begins. */
const noDate = 0x21;

/**
 * A zip file of files by name.
 *
 * @param compress whether they are deflated, by the platform's own CompressionStream
 * @throws beyond 4 GiB, or 65,534 files (`"unsupported"`)
 */
export async function writeZip(
  files: readonly (readonly [name: string, content: Uint8Array<ArrayBuffer>])[],
  compress: boolean,
  who: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const nameBytes = new TextEncoder().encode(name);
    const stored = compress ? await deflate(content) : content;
    // The fields that an entry and its line in the directory share.
    const shared = new DataView(new ArrayBuffer(26));
    shared.setUint16(0, 20, true);
    shared.setUint16(2, 1 << 11, true); // the name is UTF-8
    shared.setUint16(4, compress ? 8 : 0, true);
    shared.setUint16(8, noDate, true);
    shared.setUint32(10, crc32(content), true);
    shared.setUint32(14, stored.length, true);
    shared.setUint32(18, content.length, true);
    shared.setUint16(22, nameBytes.length, true);
    const fields = new Uint8Array(shared.buffer);
    const line = new Uint8Array(46 + nameBytes.length);
    line.set([0x50, 0x4b, 1, 2, 20, 0]);
    line.set(fields, 6);
    new DataView(line.buffer).setUint32(42, at, true);
    line.set(nameBytes, 46);
    directory.push(line);
    parts.push(Uint8Array.of(0x50, 0x4b, 3, 4), fields, nameBytes, stored);
    at += 30 + nameBytes.length + stored.length;
  }
  const directorySize = directory.reduce((sum, { length }) => sum + length, 0);
  const total = at + directorySize + 22;
  if (total >= 0xffffffff || files.length >= 0xffff) {
    fail(
      who,
      `received ${files.length} arrays that take ${total} bytes; a file holds 65,534 and 4 GiB. Write several files.`,
      "unsupported",
    );
  }
  const end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, directorySize, true);
  end.setUint32(16, at, true);
  const file = new Uint8Array(total);
  let filled = 0;
  for (const part of [...parts, ...directory, new Uint8Array(end.buffer)]) {
    file.set(part, filled);
    filled += part.length;
  }
  return file;
}

async function deflate(content: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(new Blob([content]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer(),
  );
}
