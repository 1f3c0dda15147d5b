// Triangles of a polygon.

/** A corner in the plane. */
export type Corner = readonly [x: number, y: number];

/** Twice the area of a triangle, positive if it is gone around to the left. */
export const cross = (a: Corner, b: Corner, c: Corner): number =>
  (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

/** The area of a polygon, positive if it is gone around to the left. */
export function areaOf(corners: readonly Corner[]): number {
  return (
    corners.reduce((total, corner, i) => total + cross(corners[0]!, corner, corners[(i + 1) % corners.length]!), 0) / 2
  );
}

/** A simple polygon, gone around to the left, cut into triangles by its ears (Meisters 1975). */
export function triangles(corners: readonly Corner[]): readonly (readonly Corner[])[] {
  const rest = [...corners];
  const found: Corner[][] = [];
  while (rest.length > 3) {
    const at = rest.findIndex((corner, i) => {
      const [before, after] = [rest.at(i - 1)!, rest[(i + 1) % rest.length]!];
      const turn = cross(before, corner, after);
      if (turn <= 0) return turn === 0;
      return rest.every(
        (other) =>
          other === before ||
          other === corner ||
          other === after ||
          cross(before, corner, other) < 0 ||
          cross(corner, after, other) < 0 ||
          cross(after, before, other) < 0,
      );
    });
    // Rounding may hide every ear of a sliver: any corner will do for what has no area.
    const ear = Math.max(at, 0);
    const triangle = [rest.at(ear - 1)!, rest[ear]!, rest[(ear + 1) % rest.length]!];
    if (cross(...(triangle as [Corner, Corner, Corner])) > 0) found.push(triangle);
    rest.splice(ear, 1);
  }
  if (cross(...(rest as [Corner, Corner, Corner])) > 0) found.push(rest);
  return found;
}
