import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeG711 } from '../../audio/g711.js';
import { playSegments } from '../../audio/tone-synthesis.js';
import { AmiConnection, type AmiMessage } from './ami-connection.js';
import { AriConnection, type AriEvent } from './ari-connection.js';
import type { ConfigFiles } from './asterisk-folder.js';
import { AsteriskInstance, newPassword, pickAsteriskPorts, type AsteriskPorts, type Credentials } from './asterisk-instance.js';
import { BankPhone } from './bank-phone.js';
import type { DeskPhones, DeskPhonesOptions, PhoneVoice } from './desk-phone.js';
import { findAsterisk } from './find-asterisk.js';
import { LiveMedia } from './live-media.js';
import { projectFolder } from './project-folder.js';
import { runCommandOrThrow } from './run-command.js';
import { makeSpeechClips } from './speech-clips.js';

const LOWEST_TONE_HZ = 400;
const TONE_STEP_HZ = 70;
/** Within what a telephone line carries. */
const HIGHEST_TONE_HZ = 3_000;
const TONE_FILE_MS = 20_000;
/** The Stasis application that holds the phones of a bank. */
const APP = 'phones';

/**
 * Starts many phones in one Asterisk: each registers at the PBX with its own
 * name and password, and a call of a phone is a channel held over ARI.
 */
export async function startPhoneBank(options: DeskPhonesOptions): Promise<DeskPhones> {
  const program = options.program ?? (await findAsterisk());
  const clips = await makeSpeechClips();
  const ports = await pickAsteriskPorts();
  const login: Credentials = { user: 'bank', password: newPassword() };
  const heardFolder = join(options.folder, 'heard');
  mkdirSync(heardFolder, { recursive: true });
  const setups = options.phones.map((setup, index) => ({ setup, voice: setup.voice ?? toneOf(index) }));
  const instance = await AsteriskInstance.start({
    program, ports, ami: login,
    folder: options.folder,
    files: configFiles(options, ports, login),
    sounds: { lab: clips.folder, bank: writeTones(options.folder, setups.map(({ voice }) => voice)) },
    dialplanFolder: join(projectFolder(), 'dialplan'),
  });
  const command = (text: string): Promise<string> =>
    runCommandOrThrow(program.argv(['-C', instance.folder.configFile, '-rx', text]));
  const phones = new Map<string, BankPhone>();
  const connections: { close(): void }[] = [];
  let live: LiveMedia | undefined;
  const stop = async (): Promise<void> => {
    for (const connection of connections) connection.close();
    await instance.stop();
    for (const phone of phones.values()) phone.lose();
  };
  try {
    const ami = await AmiConnection.open(ports.ami, login, (event) => routeRegistration(phones, event));
    connections.push(ami);
    const ari = await AriConnection.open(
      { ariUrl: `http://127.0.0.1:${ports.http}`, ariUser: login.user, ariPassword: login.password },
      APP,
      (event) => {
        if (live?.take(event) !== true) routeCall(phones, event);
      },
    );
    connections.push(ari);
    const media = new LiveMedia(ari, APP);
    live = media;
    for (const { setup, voice } of setups) {
      phones.set(setup.name, new BankPhone({
        setup, voice, ari, ami, app: APP, live: media,
        heardFolder: options.recordsHeard === true ? heardFolder : undefined,
        sendRegister: () => command(`pjsip send register ${setup.name}`),
        sendUnregister: () => command(`pjsip send unregister ${setup.name}`),
      }));
    }
    // They are registering since the bank's start; asked again, each tells its outcome now.
    await command('pjsip send register *all');
    await Promise.all([...phones.values()].map((phone) => phone.untilRegistered()));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    kind: 'bank',
    phone(name) {
      const phone = phones.get(name);
      if (phone === undefined) throw new RangeError(`There is no phone ${name}.`);
      return phone;
    },
    stop,
  };
}

/** A tone for each phone that a recording tells apart. */
function toneOf(index: number): PhoneVoice {
  return { kind: 'tone', frequencyHz: LOWEST_TONE_HZ + ((index * TONE_STEP_HZ) % (HIGHEST_TONE_HZ - LOWEST_TONE_HZ)) };
}

/** Whole periods fit, so that a tone played over and over has no seam. */
function writeTones(folder: string, voices: readonly PhoneVoice[]): string {
  const tones = join(folder, 'tones');
  mkdirSync(tones, { recursive: true });
  for (const voice of voices) {
    if (voice.kind !== 'tone') continue;
    const samples = playSegments([{ frequenciesHz: [voice.frequencyHz], durationMs: TONE_FILE_MS }], { rampMs: 0 });
    writeFileSync(join(tones, `tone-${voice.frequencyHz}.ulaw`), encodeG711('mu-law', samples));
  }
  return tones;
}

/** `Registry` names the phone by its address, e.g. `sip:1001@127.0.0.1:5060`. */
function routeRegistration(phones: ReadonlyMap<string, BankPhone>, event: AmiMessage): void {
  if (event['Event'] !== 'Registry') return;
  const name = /^sip:([^@]+)@/.exec(event['Username'] ?? '')?.[1] ?? '';
  phones.get(name)?.takeRegistration(event['Status'] === 'Registered');
}

/** Channels of calls made carry their phone's name in the id, those of calls received in the channel name. */
function routeCall(phones: ReadonlyMap<string, BankPhone>, event: AriEvent): void {
  const channelId = event.channel?.id ?? event.playback?.target_uri.replace(/^channel:/, '');
  if (channelId === undefined) return;
  const byName = /^PJSIP\/(.+)-[0-9a-f]+$/.exec(event.channel?.name ?? '')?.[1];
  const phone = phones.get(byName ?? '') ?? [...phones.values()].find((one) => one.channelId === channelId);
  phone?.take(event, channelId);
}

function configFiles(options: DeskPhonesOptions, ports: AsteriskPorts, login: Credentials): ConfigFiles {
  const { host, port } = options.pbx;
  const phones = options.phones.flatMap(({ name, password }) => [
    `[${name}](phone)`, `aors=${name}`, `outbound_auth=${name}`, `from_user=${name}`,
    `[${name}]`, 'type=aor', `contact=sip:${host}:${port}`,
    `[${name}]`, 'type=auth', 'auth_type=userpass', `username=${name}`, `password=${password}`,
    `[${name}](line)`, `client_uri=sip:${name}@${host}:${port}`, `contact_user=${name}`, `outbound_auth=${name}`, `endpoint=${name}`,
  ]);
  return {
    'modules.conf': '[modules]\nautoload=no\n#include outdial/modules-outdial.conf\n',
    'extensions.conf': `[phones]\nexten => _X!,1,Stasis(${APP})\n same => n,Hangup()\n`,
    'pjsip.conf': [
      '[transport-udp]', 'type=transport', 'protocol=udp', `bind=127.0.0.1:${ports.sip}`,
      '[phone](!)', 'type=endpoint', 'context=phones', 'disallow=all', 'allow=ulaw,alaw', 'dtmf_mode=rfc4733',
      'direct_media=no', 'media_address=127.0.0.1', 'identify_by=auth_username',
      '[line](!)', 'type=registration', `server_uri=sip:${host}:${port}`, 'line=yes', 'expiration=120',
      'retry_interval=2', 'max_retries=1000', 'max_random_initial_delay=0',
      ...phones, '',
    ].join('\n'),
    'ari.conf': `[general]\nenabled=yes\n[${login.user}]\ntype=user\nread_only=no\npassword=${login.password}\n`,
    'http.conf': `[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport=${ports.http}\n`,
    // MixMonitor and PlayDTMF are of the class call, MixMonitor of system too.
    'manager.conf': `[general]\nenabled=yes\nbindaddr=127.0.0.1\nport=${ports.ami}\n[${login.user}]\nsecret=${login.password}\nread=system\nwrite=system,call\n`,
    'rtp.conf': `[general]\nrtpstart=${ports.rtp.first}\nrtpend=${ports.rtp.last}\nicesupport=no\n`,
  };
}
