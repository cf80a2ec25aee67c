import type { ComponentChildren, JSX } from 'preact';
import { Icon, type IconName } from './icon.tsx';

type ButtonProps = {
  /** `main`: what one most likely wants here; `danger`: what cannot be taken back; `plain`: anything else. */
  kind?: 'main' | 'danger' | 'plain' | 'quiet';
  icon?: IconName;
  /** What it does, for those who do not see the icon that stands alone. */
  label?: string;
  type?: 'button' | 'submit';
  /** The id of the form that it submits, where it stands outside of it. */
  form?: string;
  disabled?: boolean;
  /** Why it is disabled or what it is for, told by `aria-describedby`. */
  describedBy?: string | undefined;
  pressed?: boolean;
  expanded?: boolean;
  class?: string;
  onClick?: () => void;
  children?: ComponentChildren;
};

/** A button of at least 48 px. */
export function Button({ kind = 'plain', icon, label, type = 'button', form, disabled = false, describedBy, pressed, expanded, class: extra = '', onClick, children }: ButtonProps): JSX.Element {
  return (
    <button
      type={type}
      form={form}
      class={`button button-${kind} ${extra}`}
      disabled={disabled}
      aria-label={label}
      aria-describedby={describedBy}
      aria-pressed={pressed}
      aria-expanded={expanded}
      title={label}
      onClick={onClick}
    >
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}
