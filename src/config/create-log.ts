import { pino, type DestinationStream, type Logger } from 'pino';
import { maskPhoneNumbersIn } from '../units/mask-phone-number.js';
import type { LogLevel } from './outdial-config.js';

/** Keys that never reach a log, wherever in a record they stand. */
const SECRETS = ['password', '*.password', 'pin', '*.pin', 'secret', '*.secret', 'headers.authorization', 'headers.cookie', 'req.headers.authorization', 'req.headers.cookie'];

/** A log and the way to empty it before an exit. */
export interface LogHandle {
  readonly logger: Logger;
  /** Writes what is still in memory; nothing logged before it is lost by an exit after it. */
  flush(): void;
}

/**
 * The service's log: JSON lines with ISO times, phone numbers masked.
 * @param file undefined writes to standard output.
 */
export function createLog(level: LogLevel, file?: string): LogHandle {
  const target = pino.destination({ sync: false, ...(file !== undefined && { dest: file, mkdir: true }) });
  const masked: DestinationStream = {
    write: (line: string) => {
      target.write(maskPhoneNumbersIn(line));
    },
  };
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: SECRETS, censor: 'hidden' } },
    masked,
  );
  return {
    logger,
    flush: () => {
      target.flushSync();
    },
  };
}
