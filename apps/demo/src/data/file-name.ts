/** What the files of a target are called, without their ending. */
export const fileName = (target: string): string => target.replace(/[^\p{L}\p{N}]+/gu, "-");
