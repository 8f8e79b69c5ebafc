import { loadConfig } from '../config/load-config.js';
import { processEnvironment } from '../config/environment.js';
import { examine } from './doctor/examine.js';
import type { CliCommand } from './cli-command.js';
import type { Finding } from './doctor/finding.js';

/** `outdial doctor`: looks whether a campaign would run on the switch it is pointed at. */
export function defineDoctor(command: CliCommand, defaultFile: string): void {
  command
    .description('check the switch and this machine; exit status 1 when something would not work')
    .option('-c, --config <file>', 'configuration file', defaultFile)
    .option('--json', 'print the findings as JSON', false)
    .action(async ({ config: file, json }: { config: string; json: boolean }) => {
      const config = loadConfig({ file, environment: processEnvironment() });
      const findings = await examine(config);
      process.stdout.write(json ? `${JSON.stringify({ findings }, undefined, 2)}\n` : report(findings));
      if (findings.some(({ result }) => result === 'fail')) process.exitCode = 1;
    });
}

const LABELS = { ok: 'OK  ', warn: 'WARN', fail: 'FAIL' } as const;

function report(findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ result, what, cure }) => [`${LABELS[result]}  ${what}`, ...(cure === undefined ? [] : [`      ${cure}`])]);
  const count = (wanted: Finding['result']): string => String(findings.filter(({ result }) => result === wanted).length);
  return `${lines.join('\n')}\n\n${count('ok')} OK, ${count('warn')} WARN, ${count('fail')} FAIL.\n`;
}
