import { words } from './words.ts';

const units = ['kilobyte', 'megabyte', 'gigabyte'] as const;

/** 148 MB */
export function amountOfBytes(bytes: number): string {
  let amount = bytes / 1_000;
  let unit = 0;
  while (amount >= 1_000 && unit < units.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return new Intl.NumberFormat(words.locale, {
    style: 'unit',
    unit: units[unit] ?? 'gigabyte',
    unitDisplay: 'short',
    maximumFractionDigits: amount < 10 ? 1 : 0,
  }).format(amount);
}

/** 32,000 */
export function wholeNumber(count: number): string {
  return new Intl.NumberFormat(words.locale).format(count);
}
