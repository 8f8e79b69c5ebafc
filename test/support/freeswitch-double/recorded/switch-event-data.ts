/** Headers in the order in which the switch sends them; one that occurs more than once is a list. */
export type EventHeaders = Map<string, string | readonly string[]>;

/** An event of the switch. */
export interface SwitchEventData {
  readonly headers: EventHeaders;
  /** Only of BACKGROUND_JOB: what the command answered. */
  readonly body?: string;
}

/** A header's text; empty without it, the first value of a list. */
export function headerText(headers: ReadonlyMap<string, string | readonly string[]>, name: string): string {
  const value = headers.get(name);
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}
