import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

/** Below the ports that Linux gives to outgoing connections (32768 and up). */
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 29_999;
const TRIES = 500;
const handedOut = new Set<number>();

/**
 * Ports on the loopback address that nobody has bound, for UDP and TCP both,
 * each with its successor, which some SIP phones take for TLS. None is given
 * twice by one process; they are drawn at random, so that two labs side by side
 * seldom want the same one.
 */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let tries = 0; found.length < count; tries += 1) {
    if (tries > TRIES) throw new Error(`No ${count} free ports in ${LOWEST_PORT}..${HIGHEST_PORT}.`);
    const port = randomInt(LOWEST_PORT, HIGHEST_PORT + 1);
    if (handedOut.has(port) || handedOut.has(port + 1)) continue;
    handedOut.add(port).add(port + 1);
    if ((await isFree(port)) && (await isFree(port + 1))) found.push(port);
  }
  return found;
}

/** First and last port of a range for RTP. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** RTP of the lab lies below its other ports. */
const LOWEST_RTP_PORT = 10_000;
/** Chosen: two legs of two ports for 800 calls at once. */
const RTP_RANGE_LENGTH = 4_000;

/**
 * A range for one switch's RTP, starting at random. Ranges of two switches may
 * overlap: Asterisk takes the next port when one is in use.
 */
export function pickRtpRange(): PortRange {
  const latest = LOWEST_PORT - RTP_RANGE_LENGTH;
  const first = randomInt(LOWEST_RTP_PORT / 2, latest / 2 + 1) * 2;
  return { first, last: first + RTP_RANGE_LENGTH - 1 };
}

async function isFree(port: number): Promise<boolean> {
  return (await isTcpFree(port)) && (await isUdpFree(port));
}

function isTcpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}

function isUdpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ address: '127.0.0.1', port, exclusive: true }, () => {
      socket.close(() => resolve(true));
    });
  });
}
