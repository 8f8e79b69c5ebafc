/**
 * Phones and far sides whose audio is a socket of the test: what one says the
 * other must hear, through network, PBX and phone bank. The bench of connecting
 * measures by these, so a tone that did not come through would make it lie.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AriConnection, type AriEvent } from '../../src/cli/lab/ari-connection.js';
import type { DeskPhones } from '../../src/cli/lab/desk-phone.js';
import { startDeskPhones } from '../../src/cli/lab/desk-phones.js';
import { FIXED_NUMBERS } from '../../src/cli/lab/fixed-numbers.js';
import { startPbx, type Pbx } from '../../src/cli/lab/pbx.js';
import { startPublicNetwork, type PublicNetwork } from '../../src/cli/lab/public-network.js';
import { FarSides } from '../bench/far-sides.js';
import { until } from '../fixtures/until.js';
import { LiveEnd } from '../support/live-end.js';

const PHONE = { name: '1001', password: 'first-phone-password' };
const PHONE_TONE_HZ = 1100;
const CONTACT_TONE_HZ = 1900;
const OTHER_TONE_HZ = 2500;

let folder: string;
let network: PublicNetwork;
let pbx: Pbx;
let phones: DeskPhones;
let phoneEnd: LiveEnd;
let farSides: FarSides;
let ari: AriConnection;
const inStasis = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outdial-live-'));
  network = await startPublicNetwork({ folder: join(folder, 'network'), seed: 1 });
  pbx = await startPbx({ folder: join(folder, 'pbx'), phones: [PHONE], trunk: { host: network.host, port: network.sipPort } });
  ari = await AriConnection.open(pbx, 'outdial', (event: AriEvent) => {
    if (event.type === 'StasisStart' && event.channel !== undefined) inStasis.set(event.channel.id, event.channel.name);
  });
  phoneEnd = await LiveEnd.open({ toneHz: PHONE_TONE_HZ, listensForHz: [CONTACT_TONE_HZ, OTHER_TONE_HZ], ssrc: 1 });
  farSides = await FarSides.open(network, { count: 1, lowestToneHz: CONTACT_TONE_HZ, toneCount: 1, listensForHz: [PHONE_TONE_HZ, OTHER_TONE_HZ] });
  phones = await startDeskPhones({
    kind: 'bank', pbx: { host: pbx.host, port: pbx.sipPort }, folder: join(folder, 'phones'),
    phones: [{ ...PHONE, voice: { kind: 'live', host: '127.0.0.1', port: phoneEnd.port, onMedia: (address) => phoneEnd.sendTo(address) } }],
  });
}, 120_000);

afterAll(async () => {
  ari.close();
  farSides.close();
  phoneEnd.close();
  await phones.stop();
  await pbx.stop();
  await network.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a phone and a far side hear each other once they are bridged, and only then', async () => {
  const number = FIXED_NUMBERS.helloThenLive(0);
  const contact = farSides.at(number);
  const calling = phones.phone('1001').call('*50');
  await until('the phone has called', () => [...inStasis.values()].some((name) => name.startsWith('PJSIP/1001-')));
  const phoneChannel = [...inStasis].find(([, name]) => name.startsWith('PJSIP/1001-'))![0];
  await ari.request('POST', `channels/${phoneChannel}/answer`);
  await calling;
  await ari.request('POST', 'channels', { endpoint: `PJSIP/${number}@${pbx.trunkName}`, app: 'outdial', channelId: 'contact', timeout: '20' });
  await until('the contact has answered', () => inStasis.has('contact'));
  await until('the contact is live', () => contact.isSending);
  phoneEnd.isSounding = true;
  contact.isSounding = true;
  const before = await Promise.all([phoneEnd.nextHop([CONTACT_TONE_HZ], 300), contact.nextHop([PHONE_TONE_HZ], 300)]);
  expect(before).toEqual([undefined, undefined]);

  await ari.request('POST', 'bridges/talk', { type: 'mixing' });
  const after = Promise.all([phoneEnd.nextHop([CONTACT_TONE_HZ], 3_000), contact.nextHop([PHONE_TONE_HZ], 3_000)]);
  await ari.request('POST', 'bridges/talk/addChannel', { channel: `${phoneChannel},contact` });
  expect((await after).map((hop) => hop?.frequencyHz)).toEqual([CONTACT_TONE_HZ, PHONE_TONE_HZ]);
  expect(await phoneEnd.nextHop([OTHER_TONE_HZ], 200)).toBeUndefined();

  await ari.request('DELETE', 'channels/contact');
  await until('the far side has hung up', () => !contact.isSending);
  await phones.phone('1001').hangUp();
  expect(farSides.faults).toEqual([]);
}, 60_000);

test('a phone of another kind refuses to be live', async () => {
  const setup = { ...PHONE, voice: { kind: 'live', host: '127.0.0.1', port: 9, onMedia: () => undefined } } as const;
  await expect(
    startDeskPhones({ kind: 'baresip', pbx: { host: pbx.host, port: pbx.sipPort }, folder: join(folder, 'baresip'), phones: [setup] }),
  ).rejects.toThrow();
});
