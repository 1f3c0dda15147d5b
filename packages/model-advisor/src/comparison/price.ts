// What an error costs beside the least: in percent, or in multiples where percents would be many.

/** From here on, as multiples of the least error. */
const many = 9;

const times = (price: number): string => `${Number((1 + price).toPrecision(2))} times`;

/** For a column: `+12 %`, `20 times`. */
export const priceText = (price: number): string => (price < many ? `+${(100 * price).toFixed(0)} %` : times(price));

/** For a sentence: `12 % more error`, `20 times the error`. */
export const priceInWords = (price: number): string =>
  price < many ? `${(100 * price).toFixed(0)} % more error` : `${times(price)} the error`;
