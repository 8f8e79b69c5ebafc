import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { fail, ok, warn, type Finding } from '../finding.js';
import type { FreeswitchSite } from '../site.js';
import type { TrialLeg } from './trial-leg.js';

/** Chosen: the first packet comes 20 ms after the order; fifty times that is never. */
const PACKET_WAIT_MS_MAX = 1_000;

/**
 * Has the switch send the audio of its trial leg here, as it will that of calls:
 * a port that it cannot bind, and a firewall in between, show in nothing else.
 * To be tried last: an order to send audio that comes before the leg has any
 * makes the whole switch abort (1.10.12), and by then the leg has been heard.
 */
export async function checkAudio(leg: TrialLeg | undefined, site: FreeswitchSite): Promise<readonly Finding[]> {
  if (leg === undefined) return [warn('audio', 'Whether call audio reaches the service could not be tried.', 'Mend what keeps the switch from making the leg, and run this again.')];
  const socket = await receivingSocket(site.media);
  if (typeof socket === 'string') {
    return [fail('audio', `This machine cannot receive call audio on ${site.media.host}: ${socket}.`, 'Set media.host to an address of this machine that the switch reaches.')];
  }
  try {
    return [await audioFinding(leg, site, socket)];
  } finally {
    socket.close();
  }
}

async function audioFinding(leg: TrialLeg, { switch: { audioHost, audioPorts }, media }: FreeswitchSite, socket: Socket): Promise<Finding> {
  const { port } = socket.address();
  const { first, last } = audioPorts;
  // The service gives them out in turn, so of a few across the range one is free.
  for (const from of new Set([last, Math.floor((first + last) / 2), first])) {
    const heard = packetFrom(socket, from);
    await leg.message({ 'call-command': 'unicast', 'local-ip': audioHost, 'local-port': String(from), 'remote-ip': media.host, 'remote-port': String(port), transport: 'udp' });
    if (await heard) return ok('audio', `Call audio of the switch reaches ${media.host}.`);
  }
  return fail(
    'audio',
    `No call audio of the switch comes to ${media.host}: who answered cannot be analysed.`,
    `Let UDP pass from ports ${String(first)}-${String(last)} of ${audioHost} to this machine; audioHost must be an address of the switch's machine, and no other program there may use these ports (its log says "Failure creating unicast connection").`,
  );
}

/** The socket, on the port of the media plane where that is free; else why there is none. */
async function receivingSocket({ host, port }: FreeswitchSite['media']): Promise<Socket | string> {
  const reasons: string[] = [];
  // A service that runs has its port; what reaches another one reaches that too, firewalls aside.
  for (const tried of new Set([port, 0])) {
    const socket = createSocket('udp4');
    socket.bind(tried, host);
    try {
      await once(socket, 'listening');
      return socket;
    } catch (error) {
      socket.close();
      if (!(error instanceof Error)) throw error;
      reasons.push(error.message);
    }
  }
  return reasons.at(-1) ?? '';
}

function packetFrom(socket: Socket, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const finish = (isHeard: boolean): void => {
      clearTimeout(timer);
      socket.off('message', hear);
      resolve(isHeard);
    };
    const hear = (packet: Buffer, sender: { readonly port: number }): void => {
      if (packet.length > 0 && sender.port === port) finish(true);
    };
    const timer = setTimeout(() => finish(false), PACKET_WAIT_MS_MAX);
    socket.on('message', hear);
  });
}
