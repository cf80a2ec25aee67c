/** What a rule says of one alarm: where it is not known, an open one stays open and none is raised. */
export type Verdict = { state: 'active'; detail: string } | { state: 'over' } | { state: 'unknown' };

export const ACTIVE = (detail: string): Verdict => ({ state: 'active', detail });
export const OVER: Verdict = { state: 'over' };
export const UNKNOWN: Verdict = { state: 'unknown' };
