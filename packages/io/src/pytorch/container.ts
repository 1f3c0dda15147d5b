// The zip file that torch.save writes since PyTorch 1.6: a pickle, and one entry a storage. What it wrote before is told apart.
import { fail } from "@hooke/runtime";
import { checkEntry, readZip, type ZipEntry } from "../zip/read-zip.ts";

/** Bytes of the pickle, which describes the tensors and does not hold them. */
const longestPickle = 2 ** 22;

/** How a file becomes one that is read, without what else it may hold. */
export const conversion: string =
  `python -c "import torch, safetensors.torch as s; d = torch.load('weights.pth', 'cpu', weights_only=True); ` +
  `d = d.get('state_dict', d); s.save_file({k: v.contiguous().clone() for k, v in d.items()}, 'weights.safetensors')"`;

/** The entries of a file. */
export interface Container {
  readonly pickle: Uint8Array;
  readonly bigEndian: boolean;
  /** The bytes of a storage; undefined if there is none of this key. */
  readonly storage: (key: string) => Uint8Array | undefined;
}

/** Opens a file. */
export function openContainer(bytes: Uint8Array, who: string): Container {
  const legacy = legacyKind(bytes);
  if (legacy !== undefined) fail(who, `is ${legacy}. Convert it: ${conversion}`, "unsupported");
  const entries = new Map(readZip(bytes, who).map((entry) => [entry.name, entry]));
  const pickles = [...entries.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (pickles.length !== 1) {
    fail(who, `is a zip file with ${pickles.length} entries "data.pkl"; torch.save writes one.`, "unsupported");
  }
  const folder = pickles[0]!.slice(0, -"data.pkl".length);
  if (entries.has(`${folder}constants.pkl`)) {
    fail(
      who,
      "is a program of TorchScript, not weights. In Python: torch.save(torch.jit.load(path).state_dict(), 'weights.pth').",
      "unsupported",
    );
  }
  // torch.serialization.set_crc32_options(False) leaves all of them 0.
  const hasChecksums = [...entries.values()].some(({ checksum }) => checksum !== 0);
  const checked = new Map<ZipEntry, Uint8Array>();
  const contentOf = (name: string): Uint8Array | undefined => {
    const entry = entries.get(`${folder}${name}`);
    if (entry === undefined) return undefined;
    if (!checked.has(entry)) {
      if (entry.deflated) {
        fail(
          who,
          `entry ${JSON.stringify(entry.name)} is compressed; torch.save stores entries as they are.`,
          "unsupported",
        );
      }
      if (hasChecksums) checkEntry(entry, entry.stored, who);
      checked.set(entry, entry.stored);
    }
    return checked.get(entry);
  };
  const { size } = entries.get(pickles[0]!)!;
  if (size > longestPickle) {
    fail(
      who,
      `has a pickle of ${size} bytes; at most ${longestPickle} are read. Save model.state_dict() alone.`,
      "unsupported",
    );
  }
  const order = new TextDecoder().decode(contentOf("byteorder") ?? new Uint8Array()) || "little";
  if (order !== "little" && order !== "big") fail(who, "has no order of bytes; the file is damaged.", "corrupt-file");
  return { pickle: contentOf("data.pkl")!, bigEndian: order === "big", storage: (key) => contentOf(`data/${key}`) };
}

/** Files that start like this are of PyTorch before 1.6: a pickle of its magic number. */
const legacyStart = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

function legacyKind(bytes: Uint8Array): string | undefined {
  if (legacyStart.every((byte, i) => bytes[i] === byte)) return "a file of PyTorch before 1.6";
  if (bytes[0] === 0x80) return "a bare pickle, which torch.save has never written";
  const isTar = [..."ustar"].every((character, i) => bytes[257 + i] === character.charCodeAt(0));
  return isTar ? "a tar file, as PyTorch before 0.2 wrote them" : undefined;
}
