// Pictures as the camera saw them: turned and mirrored as Exif or TIFF say.
import { allocateSamples, type Image } from "./image.ts";

/** An image the right way up. @param orientation 1 to 8, as Exif and TIFF number them; 1 is the right way already */
export function orient(image: Image, orientation: number): Image {
  if (orientation === 1) return image;
  const { channels, bits } = image;
  const turned = orientation > 4;
  const [width, height] = turned ? [image.height, image.width] : [image.width, image.height];
  // Of the stored rows or columns, those that run from the far end.
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const values = allocateSamples(image.values.length, bits);
  for (let row = 0, to = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const [x, y] = turned ? [row, column] : [column, row];
      const storedX = fromRight ? image.width - 1 - x : x;
      const storedY = fromBottom ? image.height - 1 - y : y;
      const from = (storedY * image.width + storedX) * channels;
      for (let channel = 0; channel < channels; channel++) values[to++] = image.values[from + channel]!;
    }
  }
  return { values, width, height, channels, bits };
}
