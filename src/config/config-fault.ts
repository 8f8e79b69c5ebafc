/** One thing wrong in the configuration, and what to do about it. */
export interface ConfigFault {
  /** Which key, e.g. `trunks[0].linesMax`; empty for the file as a whole. */
  readonly path: string;
  /** Line in the file, 1 and more; undefined where the value is not in the file. */
  readonly line: number | undefined;
  /** What is wrong, one sentence. */
  readonly fault: string;
  /** What to do, one sentence. */
  readonly cure: string;
}

/** The configuration cannot be used; the message names every fault and its cure. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly faults: readonly ConfigFault[];

  /** @param source the file, as the person who starts the service named it. */
  constructor(source: string, faults: readonly ConfigFault[]) {
    super(describeFaults(source, faults));
    this.faults = faults;
  }
}

function describeFaults(source: string, faults: readonly ConfigFault[]): string {
  const count = faults.length === 1 ? 'one fault' : `${String(faults.length)} faults`;
  const blocks = faults.map(({ path, line, fault, cure }, index) => {
    const where = [path, line === undefined ? '' : `(line ${String(line)})`].filter((part) => part !== '').join(' ');
    return `${String(index + 1)}. ${where === '' ? '' : `${where}: `}${fault}\n   ${cure}`;
  });
  return `${source} has ${count}; nothing was started.\n\n${blocks.join('\n')}`;
}
