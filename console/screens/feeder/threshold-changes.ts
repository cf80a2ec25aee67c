import { signal } from '@preact/signals';

/** How many times thresholds were changed from here: who shows them asks for them anew. */
export const thresholdChanges = signal(0);
