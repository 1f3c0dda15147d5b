// Exif data: how the camera was held. Source: CIPA DC-008 (Exif 2.32), tag 274 of the first directory of a small TIFF file.

/** How a picture is to be turned, 1 to 8; 1, not at all, where the data does not say it or cannot be read. */
export function exifOrientation(exif: Uint8Array): number {
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const littleEndian = exif[0] === 0x49;
  if (exif.length < 14 || view.getUint16(2, littleEndian) !== 42) return 1;
  const directory = view.getUint32(4, littleEndian);
  if (directory + 2 > exif.length) return 1;
  const count = view.getUint16(directory, littleEndian);
  for (let i = 0, at = directory + 2; i < count && at + 12 <= exif.length; i++, at += 12) {
    if (view.getUint16(at, littleEndian) !== 274) continue;
    const value = view.getUint16(at + 8, littleEndian);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}
