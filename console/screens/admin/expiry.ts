export const EXPIRY_CHOICES = ['day', 'month', 'quarter', 'year', 'date', 'own', 'never'] as const;
export type ExpiryChoice = (typeof EXPIRY_CHOICES)[number];

/** When something new is to end; `date` is that of the last day, such as `2026-03-31`, where one is chosen. */
export type Expiry = { choice: ExpiryChoice; date: string };

const DAY_MS = 86_400_000;
const DAYS = { day: 1, month: 30, quarter: 90, year: 365 } as const;

/** What the bridge is asked for: null is no end, none at all that of one's own key. Undefined for a day that is over, or none. */
export function expiryAsked({ choice, date }: Expiry, nowMs: number): { expiresAt?: string | null } | undefined {
  switch (choice) {
    case 'never':
      return { expiresAt: null };
    case 'own':
      return {};
    case 'date': {
      const endMs = endOfDay(date);
      return endMs === undefined || endMs <= nowMs ? undefined : { expiresAt: new Date(endMs).toISOString() };
    }
    case 'day':
    case 'month':
    case 'quarter':
    case 'year':
      return { expiresAt: new Date(nowMs + DAYS[choice] * DAY_MS).toISOString() };
  }
}

/** Where a day of this device begins, in milliseconds since 1970; undefined where it is none. */
export function beginOfDay(date: string): number | undefined {
  return dayFrom(date, 0);
}

/** Where it ends, that moment left out; some days have 23 or 25 hours. */
export function endOfDay(date: string): number | undefined {
  return dayFrom(date, 1);
}

function dayFrom(date: string, daysLater: number): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const at = new Date(Number(year), Number(month) - 1, Number(day) + daysLater).getTime();
  return Number.isNaN(at) ? undefined : at;
}
