import type { CliCommand } from './cli-command.js';
import { runDemo } from './demo.js';
import { DEMO_DEFAULTS, switchKind, wholeNumber } from './demo/demo-options.js';
import type { SwitchKind } from './lab/switch-pbx.js';

/** As commander names them for the flags. */
type DemoFlags = Readonly<Partial<Record<'contacts' | 'agents' | 'duration' | 'seed' | 'port', number>>> & {
  readonly report?: string;
  readonly switch?: SwitchKind;
};

/** `outdial demo`: a whole call centre on this machine, without a trunk or a telephone. */
export function defineDemo(command: CliCommand): void {
  command
    .description('run a whole call centre on this machine: PBX, telephone network, desk phones, a campaign')
    .readOption('--switch <kind>', 'asterisk (default), or freeswitch where this machine has one', switchKind)
    .readOption('--contacts <count>', 'contacts in the sample list', (text) => wholeNumber('--contacts', text))
    .readOption('--agents <count>', 'desk phones with an agent each', (text) => wholeNumber('--agents', text))
    .readOption('--duration <seconds>', 'end after so long; else when nobody is left to call', (text) => wholeNumber('--duration', text))
    .readOption('--seed <number>', 'decides who is at each number', (text) => wholeNumber('--seed', text))
    .readOption('--port <port>', 'port of wallboard and API; 0 takes any', (text) => wholeNumber('--port', text))
    .option('--report <file>', 'write what was seen, beside the truth, as JSON')
    .action(async (flags: DemoFlags) => {
      process.exitCode = await runDemo({
        switchKind: flags.switch ?? DEMO_DEFAULTS.switchKind,
        contactCount: flags.contacts ?? DEMO_DEFAULTS.contactCount,
        agentCount: flags.agents ?? DEMO_DEFAULTS.agentCount,
        runSeconds: flags.duration ?? DEMO_DEFAULTS.runSeconds,
        seed: flags.seed ?? DEMO_DEFAULTS.seed,
        httpPort: flags.port ?? DEMO_DEFAULTS.httpPort,
        reportFile: flags.report ?? DEMO_DEFAULTS.reportFile,
      });
    });
}
