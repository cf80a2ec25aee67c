import { language } from '../words/language.ts';
import { unitOf } from '../format/values.ts';

/** What the values of a chart are divided by, and the unit that they then have. */
export type AxisUnit = { divisor: number; unit: string };

const GRAMS_PER_KILOGRAM = 1000;

/** The unit of a chart whose highest value is `most`: grams are told in kilograms where they are many. */
export function axisUnitOf(name: string, most: number): AxisUnit {
  const unit = unitOf(name);
  if (unit !== 'g') return { divisor: 1, unit };
  const isMuch = most >= 10 * GRAMS_PER_KILOGRAM;
  return { divisor: isMuch ? GRAMS_PER_KILOGRAM : 1, unit: unitName(isMuch ? 'kilogram' : 'gram') };
}

const unitName = (unit: 'gram' | 'kilogram'): string =>
  new Intl.NumberFormat(language.value, { style: 'unit', unit }).formatToParts(2).find(({ type }) => type === 'unit')?.value ?? '';
