import { connect } from 'node:net';
import { EslParser, EslProtocolError } from '../../../telephony/freeswitch/esl-parser.js';

/** How what listens there receives us, before any log-in. */
export type EslGreeting =
  | { readonly kind: 'welcome' }
  /** An event socket, whose access list does not let this address in. */
  | { readonly kind: 'turned-away' }
  /** Something listens that is no event socket, or it says nothing. */
  | { readonly kind: 'stranger' }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** Chosen: a thousand times what a healthy switch takes. */
const GREETING_WAIT_MS_MAX = 5_000;

/** Connects, hears the first message, and goes. */
export function eslGreeting({ host, port }: { readonly host: string; readonly port: number }): Promise<EslGreeting> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const parser = new EslParser();
    let isConnected = false;
    const finish = (greeting: EslGreeting): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(greeting);
    };
    const timer = setTimeout(() => finish(isConnected ? { kind: 'stranger' } : { kind: 'unreachable', reason: 'no answer' }), GREETING_WAIT_MS_MAX);
    socket.on('connect', () => {
      isConnected = true;
    });
    socket.on('data', (chunk: Buffer) => {
      const type = firstType(parser, chunk);
      if (type !== undefined) finish({ kind: KINDS[type] ?? 'stranger' });
    });
    socket.on('error', (error) => finish({ kind: 'unreachable', reason: error.message }));
    socket.on('close', () => finish({ kind: 'stranger' }));
  });
}

const KINDS: Readonly<Record<string, 'welcome' | 'turned-away'>> = { 'auth/request': 'welcome', 'text/rude-rejection': 'turned-away' };

/** The type of the first message; undefined until it is whole. */
function firstType(parser: EslParser, chunk: Buffer): string | undefined {
  try {
    return parser.push(chunk)[0]?.type;
  } catch (error) {
    if (error instanceof EslProtocolError) return '';
    throw error;
  }
}
