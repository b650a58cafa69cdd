/** Numbers as a sales representative reads them. The page speaks English. */

/** What money is in where nothing else is said: the currency of the data set. */
let reporting = "EUR";

export function useCurrency(code) {
  reporting = code;
}

/** "€", "£", "CHF". */
export function currencySymbol() {
  const parts = new Intl.NumberFormat("en-GB", {
    style: "currency",
    currency: reporting,
    currencyDisplay: "narrowSymbol",
  }).formatToParts(0);
  return parts.find(({ type }) => type === "currency").value;
}

const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const DECIMAL = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });

export const count = (value) => WHOLE.format(value);
export const decimal = (value) => DECIMAL.format(value);

/** Two decimals always, so that numbers can be compared: "0.30". */
export const twoDecimals = (value) => value.toFixed(2).replace("-", "−");

/** A share from 0 to 1 as "35 %"; small ones as "less than 1 %". */
export function percent(share) {
  const whole = Math.round(100 * share);
  return share > 0 && whole === 0 ? "less than 1 %" : `${whole} %`;
}

/** A share from 0 to 1 as "20.8 %". */
export const percentExactly = (share) => `${(100 * share).toFixed(1)} %`;

/** "1 visit", "2 visits". */
export function plural(value, one, many = `${one}s`) {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Whole euros; cents only below ten, where they matter. */
export function money(value, currency = reporting) {
  const digits = Math.abs(value) < 10 && !Number.isInteger(value) ? 2 : 0;
  return new Intl.NumberFormat("en-GB", {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
    .format(value)
    .replace("-", "−");
}

/** "€1.6 bn", "€45 M", "€320 k": of sums, where the size matters and not the last euro. */
export function roughMoney(value, currency = reporting) {
  const size = SIZES.find(({ from }) => Math.abs(value) >= from);
  if (!size) return money(value, currency);
  const { unit, word } = size;
  const digits = Math.abs(value) / unit < 10 ? 1 : 0;
  const amount = new Intl.NumberFormat("en-GB", {
    style: "currency",
    currency,
    minimumFractionDigits: 0,
    maximumFractionDigits: digits,
  }).format(value / unit);
  return `${amount.replace("-", "−")} ${word}`;
}

const SIZES = [
  { from: 999.5e6, unit: 1e9, word: "bn" },
  { from: 999.5e3, unit: 1e6, word: "M" },
  { from: 1e5, unit: 1e3, word: "k" },
];

/** Seconds as "42 min" or "3 h 05", rounded to the minute. */
export function duration(seconds) {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const sign = seconds < 0 && minutes > 0 ? "−" : "";
  if (minutes < 60) return `${sign}${minutes} min`;
  return `${sign}${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

/** Metres as kilometres; one decimal below ten. */
export function distance(metres) {
  const km = metres / 1000;
  return `${km < 10 ? DECIMAL.format(Math.round(km * 10) / 10) : WHOLE.format(km)} km`;
}
