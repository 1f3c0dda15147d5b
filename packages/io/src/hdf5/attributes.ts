// Attributes of groups and datasets: small values beside the data.
import { attributeLayout } from "./attribute-layout.ts";
import { addressOf, hasBits, typeByLayout } from "./checked-type.ts";
import type { OpenHdf5 } from "./library.ts";
import { readTexts } from "./texts.ts";
import { type Hdf5Metadata, type Hdf5Type, typeOf } from "./types.ts";

/** The value of an attribute; undefined where it has none, is larger than 64 kB, or of a type that is neither numbers nor text, such as numbers of 12 bits. */
export type Hdf5Attribute = number | bigint | string | readonly (number | bigint | string)[] | undefined;

const largestAttribute = 2 ** 16;

/** The attributes of an object by name. */
export function attributesOf(file: OpenHdf5, path: string): Readonly<Record<string, Hdf5Attribute>> {
  const { module, library, id, ask } = file;
  const attributes: Record<string, Hdf5Attribute> = Object.create(null);
  for (const name of ask(path, () => module.get_attribute_names(id, path))) {
    const what = `attribute ${JSON.stringify(name)} of ${path}`;
    attributes[name] = ask(what, () => {
      const metadata = module.get_attribute_metadata(id, path, name);
      const { kind } = checkedType(file, path, name, metadata as Hdf5Metadata);
      const isRead = kind === "text" || kind === "numbers";
      // Half floats have no typed array in the library.
      if (
        !isRead ||
        (metadata.type === 1 && metadata.size === 2) ||
        metadata.shape === null ||
        metadata.size * metadata.total_size > largestAttribute
      )
        return undefined;
      if (metadata.vlen) {
        const texts = readTexts(file, what, path, name, metadata.total_size);
        return metadata.shape.length === 0 ? texts[0] : texts;
      }
      return attributeValue(new library.Group(id, path).get_attribute(name, false));
    });
  }
  return attributes;
}

/** The type of an attribute by where the file has its bits. */
function checkedType(file: OpenHdf5, path: string, name: string, metadata: Hdf5Metadata): Hdf5Type {
  const type = typeOf(metadata);
  if (!hasBits(metadata, type)) return type;
  return typeByLayout(attributeLayout(file.bytes, addressOf(file, path), name), metadata, type);
}

function attributeValue(value: unknown): Hdf5Attribute {
  if (typeof value === "number" || typeof value === "string") return value;
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Array.isArray(value) || ArrayBuffer.isView(value)) {
    const values = [...(value as unknown as Iterable<unknown>)].map(attributeValue);
    return values.every((item) => item !== undefined && typeof item !== "object")
      ? (values as (number | string)[])
      : undefined;
  }
  return undefined;
}
