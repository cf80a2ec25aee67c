import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';

/** Where there is room for the filters and for what they are about. */
const WITH_ROOM = '(min-width: 48rem)';

type FiltersProps = {
  label: string;
  /** What is filtered by, told while it is folded away. */
  active: readonly string[];
  children: ComponentChildren;
};

/** What a list is filtered by; folded away on a phone, where the list comes first. */
export function Filters({ label, active, children }: FiltersProps): JSX.Element {
  const [isOpen, setOpen] = useState(() => matchMedia(WITH_ROOM).matches);
  return (
    <details class="filters" open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {label}
        {!isOpen && active.length > 0 && <span class="filters-active">: {active.map((each) => <bdi key={each}>{each}</bdi>)}</span>}
      </summary>
      <div class="filters-inside">{children}</div>
    </details>
  );
}
