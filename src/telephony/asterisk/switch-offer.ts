import type { AriLogin, AsteriskConfig } from './asterisk-config.js';
import { HTTP_ANSWER_WAIT_MS_MAX } from './request-window.js';

/** What a switch offers, from its own version and API description. */
export interface SwitchOffer {
  readonly version: string;
  /** Commands can travel over the event socket: since 20.15, 21.10, 22.5. */
  readonly hasRestOverWebSocket: boolean;
  /** Events carry the SIP status of the far end. */
  readonly hasTechCauses: boolean;
  /** Channels can be listened to and spoken into by others: whispers and supervisors. */
  readonly hasSnoop: boolean;
  readonly hasHoldingMusic: boolean;
}

/** What asking a switch gave. */
export type OfferReading =
  | { readonly kind: 'offer'; readonly offer: SwitchOffer }
  /** Nobody answers, or it is still starting: worth waiting for. */
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** Waiting does not help; one sentence with the cure. */
  | {
      readonly kind: 'wrong';
      readonly reason: string;
      /** A switch that is just starting looks so for some seconds. */
      readonly mayPass: boolean;
    };

/** As much of the description as is looked at. */
interface EventsDescription {
  readonly models?: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>;
}

interface InfoAnswer {
  readonly system?: { readonly version?: string };
}

/** Asks the switch over HTTP what it is; never throws but when the signal aborts. */
export async function readOffer(login: AriLogin, transport: AsteriskConfig['transport'], signal: AbortSignal): Promise<OfferReading> {
  const base = `${login.url.replace(/\/$/, '')}/ari`;
  let answer: Response;
  try {
    answer = await ask(`${base}/asterisk/info?only=system`, login, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'unreachable', reason: `No answer from ${base}: ${wordsOf(error)}` };
  }
  if (answer.status === 401 || answer.status === 403) {
    return { kind: 'wrong', reason: `Asterisk refuses user ${login.user} (${answer.status}): compare user and password with ari.conf, and set read_only=no.`, mayPass: false };
  }
  if (answer.status === 404) {
    return { kind: 'wrong', reason: `There is no ARI at ${base}: set enabled=yes in ari.conf and http.conf, load res_ari, and check the address.`, mayPass: true };
  }
  if (!answer.ok) return { kind: 'unreachable', reason: `${base} answers with status ${answer.status}.` };
  try {
    return await describe(base, login, transport, signal, (await answer.json()) as InfoAnswer);
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'unreachable', reason: `${base} did not describe itself: ${wordsOf(error)}` };
  }
}

async function describe(
  base: string,
  login: AriLogin,
  transport: AsteriskConfig['transport'],
  signal: AbortSignal,
  info: InfoAnswer,
): Promise<OfferReading> {
  const answer = await ask(`${base}/api-docs/events.json`, login, signal);
  if (!answer.ok) return { kind: 'unreachable', reason: `Its API description answers with status ${answer.status}.` };
  const models = ((await answer.json()) as EventsDescription).models ?? {};
  const version = info.system?.version ?? 'unknown';
  const hasRestOverWebSocket = 'RESTRequest' in models;
  if (transport === 'websocket' && !hasRestOverWebSocket) {
    return { kind: 'wrong', reason: `Asterisk ${version} takes no commands over the WebSocket (20.15, 21.10 and 22.5 are the first): set the transport to auto or http.`, mayPass: false };
  }
  const hasTechCauses = models['ChannelHangupRequest']?.properties?.['tech_cause'] !== undefined;
  const [hasSnoop, hasHoldingMusic] = await Promise.all([
    isRunning(base, login, signal, 'res_stasis_snoop.so'),
    isRunning(base, login, signal, 'res_musiconhold.so'),
  ]);
  return { kind: 'offer', offer: { version, hasRestOverWebSocket, hasTechCauses, hasSnoop, hasHoldingMusic } };
}

async function isRunning(base: string, login: AriLogin, signal: AbortSignal, module: string): Promise<boolean> {
  const answer = await ask(`${base}/asterisk/modules/${module}`, login, signal);
  return answer.ok && ((await answer.json()) as { readonly status?: string }).status === 'Running';
}

function ask(address: string, login: AriLogin, signal: AbortSignal): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  return fetch(address, {
    headers: { authorization },
    signal: AbortSignal.any([signal, AbortSignal.timeout(HTTP_ANSWER_WAIT_MS_MAX)]),
  });
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
