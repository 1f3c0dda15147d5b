/** Standard deviation of the noise on the samples. */
export const noise = 0.3;
