import { spawn } from 'node:child_process';

/** How a finished command ended. */
export interface CommandResult {
  /** Exit code; null when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end and collects what it said. @throws when it cannot be started. */
export function runCommand(
  argv: readonly [string, ...string[]],
  options: { readonly workingFolder?: string } = {},
): Promise<CommandResult> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.workingFolder === undefined ? {} : { cwd: options.workingFolder }),
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** Like `runCommand`, but a failing command is an error that carries its last words. */
export async function runCommandOrThrow(
  argv: readonly [string, ...string[]],
  options: { readonly workingFolder?: string } = {},
): Promise<string> {
  const result = await runCommand(argv, options);
  if (result.exitCode === 0) return result.stdout;
  const lastWords = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-5).join('\n');
  throw new Error(`${argv.join(' ')} failed (exit code ${String(result.exitCode)}):\n${lastWords}`);
}
