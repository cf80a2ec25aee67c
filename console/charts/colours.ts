/** The colours and measures of the theme that is shown, for what is drawn on a canvas, which style sheets do not reach. */
export type Colours = {
  text: string;
  quiet: string;
  line: string;
  surface: string;
  accent: string;
  accentSoft: string;
  good: string;
  bad: string;
  warn: string;
  /** Of lines of data, in CSS pixels: thicker where the theme draws thick borders. */
  lineWidth: number;
  /** One rem in CSS pixels. */
  remPx: number;
  font: string;
};

/** Reads them off the page as it is now. */
export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  const remPx = Number.parseFloat(style.fontSize) || 16;
  return {
    text: token('text'),
    quiet: token('text-quiet'),
    line: token('line'),
    surface: token('surface'),
    accent: token('accent'),
    accentSoft: token('accent-soft'),
    good: token('good'),
    bad: token('bad'),
    warn: token('warn'),
    lineWidth: 1 + (Number.parseFloat(token('border')) || 1),
    remPx,
    font: `${style.fontWeight} ${Math.round(0.8 * remPx)}px ${style.fontFamily}`,
  };
}
