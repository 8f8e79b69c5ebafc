/**
 * A subcommand while it is being described; the package that reads command
 * lines has this shape, and only `outdial.ts` knows which one it is.
 */
export interface CliCommand {
  description(text: string): CliCommand;
  argument(name: string, description: string): CliCommand;
  requiredOption(flags: string, description: string): CliCommand;
  option(flags: string, description: string, fallback?: string | boolean): CliCommand;
  /** `read` makes the value, from its text and the value so far where an option is repeated. */
  option<Value>(flags: string, description: string, read: (text: string, before: Value) => Value, fallback?: Value): CliCommand;
  /** Called with the arguments, then the options by their long names. */
  action(run: (...given: never[]) => void | Promise<void>): CliCommand;
}
