import { Command } from 'commander';
/** placeholder until doctor is there */
export function doctorCommand(defaultFile: string): Command { return new Command('doctor').option('-c, --config <file>', '', defaultFile); }
