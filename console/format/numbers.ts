import { language } from '../words/language.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** A number as the language that is shown writes it. */
export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  const key = `${language.value} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.NumberFormat(language.value, options);
  formats.set(key, format);
  return format.format(value);
}

const KILOGRAM = 1000;

/** Grams as people say them: `850 g`, `12.4 kg`. */
export function formatGrams(grams: number): string {
  if (Math.abs(grams) < 10 * KILOGRAM) return formatNumber(grams, { style: 'unit', unit: 'gram', maximumFractionDigits: 1 });
  return formatNumber(grams / KILOGRAM, { style: 'unit', unit: 'kilogram', maximumFractionDigits: 1 });
}

/** A share of 1 in percent. */
export const formatShare = (share: number): string => formatNumber(share, { style: 'percent', maximumFractionDigits: 0 });
