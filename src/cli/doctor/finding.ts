/** What one check has found. */
export interface Finding {
  /** Short name of the check, stable for programs that read the report. */
  readonly check: string;
  readonly result: 'ok' | 'warn' | 'fail';
  /** One sentence. */
  readonly what: string;
  /** What to do; undefined when all is well. */
  readonly cure: string | undefined;
}

/** All is well. */
export const ok = (check: string, what: string): Finding => ({ check, result: 'ok', what, cure: undefined });
/** It works, but not as well or as long as it should. */
export const warn = (check: string, what: string, cure: string): Finding => ({ check, result: 'warn', what, cure });
/** A campaign would not run, or not lawfully. */
export const fail = (check: string, what: string, cure: string): Finding => ({ check, result: 'fail', what, cure });
