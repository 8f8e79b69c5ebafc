import type { AriConnection, AriEvent } from '../lab/ari-connection.js';
import type { PbxAdditions } from '../lab/pbx.js';
import type { DetectorFinding } from './detector-finding.js';

/** One way in which call centres have Asterisk's own detector decide. */
export interface AmdBaseline {
  /** For reports in JSON; a context of the dialplan, too. */
  readonly name: 'amd-defaults' | 'amd-four-words';
  /** For people. */
  readonly title: string;
  /** What stands in the dialplan. */
  readonly application: string;
}

/** The settings that are compared. */
export const AMD_BASELINES: readonly AmdBaseline[] = [
  { name: 'amd-defaults', title: 'Asterisk AMD(), its defaults', application: 'AMD()' },
  // As VICIdial's installations have it: four words and a greeting of 2.5 s; the rest as the defaults are.
  { name: 'amd-four-words', title: 'Asterisk AMD(), 4 words, 2.5 s', application: 'AMD(2500,2500,800,5000,100,50,4)' },
];

/** What AMD() said on one call. */
export interface AmdOutcome {
  /** AMDSTATUS: `MACHINE`, `HUMAN`, `NOTSURE` or `HANGUP`. */
  readonly status: string;
  /** AMDCAUSE, such as `LONGGREETING-1500-1500`. */
  readonly cause: string;
  /** From the answer, by the switch's own clock. */
  readonly decidedAfterMs: number;
}

const APP = 'amd-baseline';

/** What a PBX needs to have its calls judged by AMD(): where it answers, the result is handed to a Stasis application. */
export const AMD_ADDITIONS: PbxAdditions = {
  modules: ['app_amd', 'func_strings'],
  // Every setting is left to the application's own default.
  files: { 'amd.conf': '[general]\n' },
  dialplan: AMD_BASELINES.map(({ name, application }) => `
[${name}]
exten => s,1,Set(ANSWERED=\${STRFTIME(,,%s.%3q)})
 same => n,${application}
 same => n,Stasis(${APP},\${AMDSTATUS},\${AMDCAUSE},\${ANSWERED},\${STRFTIME(,,%s.%3q)})
 same => n,Hangup(16)
`).join(''),
};

/** AMD() says its word after 5 s at the latest; more is for a loaded machine. */
const RESULT_WAIT_MS_MAX = 20_000;

/** Places calls that are answered into AMD(). */
export class AmdCalls {
  readonly #waiting = new Map<string, (outcome?: AmdOutcome) => void>();
  #ari: AriConnection | undefined;
  #callCount = 0;

  /** @param open connects to the PBX's ARI as the application of the name. */
  static async start(open: (app: string, onEvent: (event: AriEvent) => void) => Promise<AriConnection>): Promise<AmdCalls> {
    const calls = new AmdCalls();
    calls.#ari = await open(APP, (event) => calls.#take(event));
    return calls;
  }

  /** Calls `endpoint` and lets AMD() judge; undefined when it came to no result in time. */
  async judge(endpoint: string, baseline: AmdBaseline, signal: AbortSignal): Promise<AmdOutcome | undefined> {
    if (signal.aborted) return undefined;
    const channelId = `${baseline.name}-${++this.#callCount}`;
    const outcome = new Promise<AmdOutcome | undefined>((resolve) => {
      const finish = (found?: AmdOutcome): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', give);
        this.#waiting.delete(channelId);
        resolve(found);
      };
      const give = (): void => finish();
      const timer = setTimeout(give, RESULT_WAIT_MS_MAX);
      signal.addEventListener('abort', give);
      this.#waiting.set(channelId, finish);
    });
    // A call that the switch refuses came to nothing, as one that is not answered.
    const isPlaced = await this.#asked('POST', 'channels', { endpoint, channelId, context: baseline.name, extension: 's', priority: '1', timeout: '15' });
    if (!isPlaced) this.#waiting.get(channelId)?.();
    const found = await outcome;
    await this.#asked('DELETE', `channels/${channelId}`);
    return found;
  }

  close(): void {
    this.#ari?.close();
  }

  /** Whether the switch did what it was asked. */
  async #asked(method: 'POST' | 'DELETE', path: string, query: Readonly<Record<string, string>> = {}): Promise<boolean> {
    return (await this.#ari?.request(method, path, query).then(() => true, () => false)) ?? false;
  }

  #take(event: AriEvent): void {
    if (event.type !== 'StasisStart' || event.channel === undefined) return;
    const [status = '', cause = '', answeredAt = '', decidedAt = ''] = event.args ?? [];
    this.#waiting.get(event.channel.id)?.({ status, cause, decidedAfterMs: Math.round((Number(decidedAt) - Number(answeredAt)) * 1000) });
  }
}

/** AMD()'s word in the words of verdicts; undefined where it has none, as on a call that was hung up. */
export function findingOfAmd(outcome: AmdOutcome | undefined): DetectorFinding | undefined {
  const verdict = outcome === undefined ? undefined : VERDICTS[outcome.status];
  if (outcome === undefined || verdict === undefined) return undefined;
  const { cause, decidedAfterMs } = outcome;
  return {
    verdicts: [{ stage: 'decided', verdict, atMs: decidedAfterMs, reason: cause, speechEndedAtMs: undefined }],
    machineProbabilityMax: undefined,
    beeps: undefined,
  };
}

const VERDICTS: Readonly<Record<string, 'person' | 'machine' | 'unsure'>> = { HUMAN: 'person', MACHINE: 'machine', NOTSURE: 'unsure' };
