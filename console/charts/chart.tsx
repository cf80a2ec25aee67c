import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { theme } from '../device/appearance.ts';
import { language } from '../words/language.ts';
import { words } from '../words/words.ts';
import type { DrawnChart } from './draw-chart.ts';
import type { Drawing } from './drawing.ts';

type ChartProps = {
  drawing: Drawing;
  /** What it shows, for those who do not see it. */
  label: string;
  /** What a point says. Without it there is nothing to point at. */
  points?: { count: number; say: (index: number) => string };
};

/** The keys that move the cursor of a chart, by how far. */
const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -10, PageUp: 10, Home: -Infinity, End: Infinity };

/**
 * A chart with a cursor: by mouse, finger or the arrow keys. It reads from the left in every language. What draws it is loaded
 * with the first one that is shown.
 */
export function Chart({ drawing, label, points }: ChartProps): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<DrawnChart | undefined>(undefined);
  const [index, setIndex] = useState<number>();
  const [isMissing, setMissing] = useState(false);
  const systemColours = useSystemColours();

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let isGone = false;
    const sizing = new ResizeObserver(() => drawn.current?.resize(sizeOf(element)));
    void import('./draw-chart.ts').then(
      ({ drawChart }) => {
        if (isGone) return;
        drawn.current = drawChart(element, drawing, sizeOf(element), setIndex);
        sizing.observe(element);
        setMissing(false);
      },
      () => setMissing(true),
    );
    return () => {
      isGone = true;
      sizing.disconnect();
      drawn.current?.remove();
      drawn.current = undefined;
      setIndex(undefined);
    };
  }, [drawing, theme.value, systemColours, language.value]);

  const { charts } = words.value;
  const last = (points?.count ?? 0) - 1;
  const shown = points === undefined || index === undefined || index > last ? undefined : points.say(index);
  const move = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined || points === undefined) return;
    event.preventDefault();
    drawn.current?.pointAt(Math.max(0, Math.min(last, (index ?? last + 1) + step)));
  };
  const asSlider = points && {
    role: 'slider' as const,
    tabIndex: 0,
    'aria-valuemin': 0,
    'aria-valuemax': Math.max(0, last),
    'aria-valuenow': Math.min(index ?? last, Math.max(0, last)),
    'aria-valuetext': shown ?? charts.moveByKeys,
    onKeyDown: move,
  };
  return (
    <div class="chart">
      {points && <p class="chart-point" aria-hidden="true">{shown ?? charts.pointAtIt}</p>}
      {isMissing && <p class="note note-warn">{charts.cannotDraw}</p>}
      <div ref={place} class={`chart-place chart-${drawing.kind}`} dir="ltr" role="img" aria-label={label} {...asSlider} />
    </div>
  );
}

const sizeOf = (element: HTMLElement): { width: number; height: number } => ({ width: element.clientWidth, height: element.clientHeight });

/** Whether the device prefers dark, which decides the colours where nobody chose any here. */
function useSystemColours(): boolean {
  const [isDark, setDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useLayoutEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = (): void => setDark(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isDark;
}
