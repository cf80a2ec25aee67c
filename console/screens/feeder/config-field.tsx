import type { JSX } from 'preact';
import type { Parameter, Value } from '../../api/shapes.ts';
import type { ValueFault } from '../../change/parameter-rule.ts';
import { fieldKindOf, typedFrom, valueTyped, type Typed } from '../../change/typed-value.ts';
import { isolated } from '../../format/isolate.ts';
import { formatRange, formatSetting, nameOf } from '../../format/values.ts';
import { Field } from '../../parts/field.tsx';
import { language } from '../../words/language.ts';
import { words } from '../../words/words.ts';

type ConfigFieldProps = {
  parameter: Parameter;
  held: Value | undefined;
  /** What was typed; undefined while nobody has touched it, then it shows what the PLC holds. */
  typed: Typed | undefined;
  fault: ValueFault | undefined;
  onTyped: (typed: Typed) => void;
};

/** One setting to be filled in, with its unit, what the feeder takes and what its PLC holds now. */
export function ConfigField({ parameter, held, typed, fault, onTyped }: ConfigFieldProps): JSX.Element {
  const { name } = parameter;
  const shown = typed ?? (held === undefined ? '' : typedFrom(parameter, held, language.value));
  const label = nameOf(name);
  const kind = fieldKindOf(parameter);
  if (kind === 'switch') {
    return (
      <Field label={label} hint={nowText(parameter, held)} error={fault && faultText(parameter, fault)}>
        {(control) => <input {...control} type="checkbox" role="switch" class="switch" checked={shown === true} onChange={(event) => onTyped(event.currentTarget.checked)} />}
      </Field>
    );
  }
  const unit = kind === 'time-of-day' ? '' : (parameter.unit ?? '');
  return (
    <Field
      label={unit === '' ? label : `${label} (${isolated(unit)})`}
      hint={[takesText(parameter), kindHint(parameter), nowText(parameter, held), readsText(parameter, typed)].filter((text) => text !== undefined).join(' ')}
      error={fault && faultText(parameter, fault)}
    >
      {(control) => (
        <input
          {...control}
          type="text"
          dir="ltr"
          inputMode={kind === 'time-of-day' ? 'numeric' : kind === 'span' ? 'text' : 'decimal'}
          autoComplete="off"
          value={typeof shown === 'string' ? shown : ''}
          onInput={(event) => onTyped(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

const sentence = (text: string): string => `${text}.`;

const nowText = (parameter: Parameter, held: Value | undefined): string =>
  sentence(words.value.feeder.config.isNow(isolated(formatSetting(parameter.name, held, parameter))));

function takesText(parameter: Parameter): string | undefined {
  const { config } = words.value.feeder;
  const range = formatRange(parameter);
  if (range === undefined || parameter.type === 'boolean') return undefined;
  const { step } = parameter;
  const isEvident = step === undefined || step === 1;
  return sentence(isEvident ? config.takes(isolated(range)) : config.inSteps(isolated(range), isolated(formatSetting(parameter.name, step, parameter))));
}

function kindHint(parameter: Parameter): string | undefined {
  const { config } = words.value.feeder;
  switch (fieldKindOf(parameter)) {
    case 'time-of-day':
      return config.timeHint;
    case 'span':
      return config.spanHint;
    case 'switch':
    case 'number':
      return undefined;
  }
}

/** How times and spans that are typed are understood. */
function readsText(parameter: Parameter, typed: Typed | undefined): string | undefined {
  if (typed === undefined || !['time-of-day', 'span'].includes(fieldKindOf(parameter))) return undefined;
  const value = valueTyped(parameter, typed, language.value);
  return value === undefined ? undefined : words.value.feeder.config.reads(isolated(formatSetting(parameter.name, value, parameter)));
}

function faultText(parameter: Parameter, fault: ValueFault): string {
  const { fault: said } = words.value.feeder.config;
  const shown = (value: number): string => isolated(formatSetting(parameter.name, value, parameter));
  switch (fault.kind) {
    case 'unreadable':
      return fieldKindOf(parameter) === 'time-of-day' ? said.unreadableTime : said.unreadable;
    case 'out-of-range':
      return said.outOfRange(isolated(formatRange(parameter) ?? ''));
    case 'off-step':
      return said.offStep(shown(fault.below), shown(fault.above));
  }
}
