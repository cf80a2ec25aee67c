import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { dateAt, daysLater } from '../../charts/site-days.ts';
import { LAST_DAYS, wrongDates, type TimeRange } from '../../charts/time-range.ts';
import { bridgeNowMs } from '../../device/clock.ts';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { words } from '../../words/words.ts';

type PickerProps = { range: TimeRange; timeZone: string; onPick: (range: TimeRange) => void };

/** Which time to show: the last days, or any dates of the site's calendar. */
export function TimeRangePicker({ range, timeZone, onPick }: PickerProps): JSX.Element {
  const { charts } = words.value;
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="range-picker">
      <fieldset class="choices">
        <legend class="only-heard">{charts.range}</legend>
        {LAST_DAYS.map((days) => (
          <Button
            key={days}
            pressed={range.kind === 'last' && range.days === days}
            onClick={() => {
              setOpen(false);
              onPick({ kind: 'last', days });
            }}
          >
            {days === 1 ? charts.lastDay : charts.lastDays(days)}
          </Button>
        ))}
        <Button pressed={range.kind === 'dates'} expanded={isOpen} onClick={() => setOpen(!isOpen)}>{charts.otherDates}</Button>
      </fieldset>
      {isOpen && <Dates range={range} timeZone={timeZone} onPick={onPick} />}
    </div>
  );
}

function Dates({ range, timeZone, onPick }: PickerProps): JSX.Element {
  const { charts } = words.value;
  const today = dateAt(bridgeNowMs(), timeZone);
  const [fromDate, setFromDate] = useState(range.kind === 'dates' ? range.fromDate : daysLater(today, -6));
  const [toDate, setToDate] = useState(range.kind === 'dates' ? range.toDate : today);
  const [isTried, setTried] = useState(false);
  const wrong = wrongDates(fromDate, toDate, today);
  const error = isTried && wrong !== undefined ? charts.wrongDates[wrong] : undefined;
  return (
    <form
      class="range-dates"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (wrong === undefined) onPick({ kind: 'dates', fromDate, toDate });
      }}
    >
      <Field label={charts.fromDate}>
        {(control) => <input {...control} type="date" max={today} value={fromDate} onInput={(event) => setFromDate(event.currentTarget.value)} />}
      </Field>
      <Field label={charts.toDate}>
        {(control) => <input {...control} type="date" max={today} value={toDate} onInput={(event) => setToDate(event.currentTarget.value)} />}
      </Field>
      <Button kind="main" type="submit">{charts.showDates}</Button>
      {error !== undefined && <p class="error" role="alert">{error}</p>}
    </form>
  );
}
