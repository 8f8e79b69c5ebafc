import { loadConfig } from '../config/load-config.js';
import { createLog, type LogHandle } from '../config/create-log.js';
import { processEnvironment } from '../config/environment.js';
import { startService, type Service } from '../main.js';
import type { CliCommand } from './cli-command.js';

/** `outdial serve`: runs the service until it is told to stop. */
export function defineServe(command: CliCommand, defaultFile: string): void {
  command
    .description('run the service; SIGTERM or SIGINT stops it, a second one at once')
    .option('-c, --config <file>', 'configuration file', defaultFile)
    .option('--log-file <file>', 'write the log there instead of to standard output')
    .action(async ({ config: file, logFile }: { config: string; logFile?: string }) => {
      await serve(file, logFile);
    });
}

async function serve(file: string, logFile: string | undefined): Promise<void> {
  const config = loadConfig({ file, environment: processEnvironment() });
  const log = createLog(config.log.level, logFile);
  exitOnCrash(log);
  const service = await startService(config, { logger: log.logger });
  // Standard error, so that standard output stays JSON lines.
  process.stderr.write(`Outdial is ready at ${service.url}${service.live.floor().isSwitchConnected ? '' : '; the switch does not answer yet'}.\n`);
  const stopped = stopOnSignal(service, log);
  await Promise.race([stopped, failure(service, log)]);
  log.flush();
}

/** The first signal stops in order; the second is obeyed at once. */
function stopOnSignal(service: Service, log: LogHandle): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (isStopping) {
        log.logger.warn({ signal }, 'second signal: ending at once');
        log.flush();
        process.exit(130);
      }
      isStopping = true;
      log.logger.info({ signal }, 'stopping: nothing new is dialled, conversations stay on the switch');
      service.close().then(() => {
        log.logger.info('stopped');
        resolve();
      }, reject);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}

/** The switch refuses us for good. @throws Error saying so, after everything is let go of. */
async function failure(service: Service, log: LogHandle): Promise<never> {
  try {
    return await service.failed;
  } catch (error) {
    log.logger.fatal({ err: error }, 'the switch refuses the service');
    await service.close();
    log.flush();
    throw error;
  }
}

/** What nothing has caught is a bug: said, and then the service manager starts a fresh process, which adopts the live calls. */
function exitOnCrash(log: LogHandle): void {
  const crash = (error: unknown): void => {
    log.logger.fatal({ err: error }, 'crashed');
    log.flush();
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(2);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
}
