import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { findFreePorts, pickRtpRange, type PortRange } from './free-ports.js';

/** Ports of one FreeSWITCH, all on the loopback address. */
export interface FreeswitchPorts {
  readonly esl: number;
  /** SIP for desk phones. */
  readonly sip: number;
  /** SIP for the trunk. */
  readonly trunkSip: number;
  readonly rtp: PortRange;
  /** For call audio to and from the service. */
  readonly audio: PortRange;
}

/** Between the lab's other ports and those that Linux gives to outgoing connections. */
const LOWEST_AUDIO_PORT = 30_000;
const HIGHEST_AUDIO_PORT = 32_767;
/** Chosen: every line of the demo and of the benchmarks is listened to at once, with as many to spare. */
const AUDIO_PORT_COUNT = 400;
const TRIES = 100;

/** Free ports for one FreeSWITCH. */
export async function pickFreeswitchPorts(): Promise<FreeswitchPorts> {
  const [esl, sip, trunkSip] = await findFreePorts(3);
  if (esl === undefined || sip === undefined || trunkSip === undefined) throw new Error('Three ports were asked for.');
  return { esl, sip, trunkSip, rtp: pickRtpRange(), audio: await pickAudioPorts() };
}

/** A stretch of UDP ports that nobody has bound; it starts at random, so that two labs side by side seldom want the same. */
async function pickAudioPorts(): Promise<PortRange> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const first = randomInt(LOWEST_AUDIO_PORT, HIGHEST_AUDIO_PORT - AUDIO_PORT_COUNT + 2);
    const ports = Array.from({ length: AUDIO_PORT_COUNT }, (_, index) => first + index);
    const areFree = await Promise.all(ports.map(isUdpFree));
    if (areFree.every(Boolean)) return { first, last: first + AUDIO_PORT_COUNT - 1 };
  }
  throw new Error(`No ${AUDIO_PORT_COUNT} free ports side by side in ${LOWEST_AUDIO_PORT}..${HIGHEST_AUDIO_PORT}.`);
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
