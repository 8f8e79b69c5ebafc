/**
 * A subcommand while it is being described; only `outdial.ts` knows which
 * package reads the command line.
 */
export interface CliCommand {
  description(text: string): CliCommand;
  argument(name: string, description: string): CliCommand;
  requiredOption(flags: string, description: string): CliCommand;
  /** Text, or true where the flags name no value. */
  option(flags: string, description: string, fallback?: string | boolean): CliCommand;
  /** A value made from its text; `read` throws an Error with a cure. */
  readOption(flags: string, description: string, read: (text: string) => unknown): CliCommand;
  /** May be given several times; the values make a list, empty when it is not given. */
  repeatedOption(flags: string, description: string, read: (text: string) => unknown): CliCommand;
  /** Called with the arguments, then the options by their long names. */
  action(run: (...given: never[]) => void | Promise<void>): CliCommand;
}
