import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { host, port, sound, text } from './schema-parts.js';

/** Which switch the service drives. */
export type SwitchKind = 'asterisk' | 'freeswitch';

/** What a path on the switch may hold: FreeSWITCH takes it between spaces, commas and quotes of its own. */
export const FOLDER_ON_FREESWITCH = /^\/[^\s,'"{}$]*$/;

const asteriskSection = z.strictObject({
  kind: z.literal('asterisk'),
  ari: z.strictObject({
    url: z.url({ protocol: /^https?$/, error: 'is not an address that begins with http:// or https://' }),
    user: text.default('outdial'),
    password: text,
    app: z.string().regex(/^[A-Za-z0-9_-]+$/, 'is not the name of a Stasis application').default('outdial'),
  }),
  ami: z.strictObject({
    host: host.default('127.0.0.1'),
    port: port.default(5038),
    user: text.default('outdial'),
    password: text,
  }),
  transport: z.enum(['auto', 'websocket', 'http']).default('auto'),
  soundsPrefix: sound.default('outdial'),
  recordingsFolder: text.default('/var/spool/asterisk/recording'),
  recordingsFolderOnSwitch: text.optional(),
});

const folderOnFreeswitch = z.string().regex(FOLDER_ON_FREESWITCH, 'is not a folder that begins with / and holds no spaces, commas, quotes, braces or $');

const freeswitchSection = z.strictObject({
  kind: z.literal('freeswitch'),
  esl: z.strictObject({
    host: host.default('127.0.0.1'),
    port: port.default(8021),
    password: text.regex(/^[^\r\n]+$/, 'is more than one line'),
  }),
  soundsFolder: folderOnFreeswitch.default('/usr/share/freeswitch/sounds/outdial'),
  recordingsFolder: text.default('/var/lib/freeswitch/recordings'),
  recordingsFolderOnSwitch: folderOnFreeswitch.optional(),
  audioPorts: z.string().regex(/^\d{1,5}-\d{1,5}$/, 'is not two port numbers with a hyphen between them').default('27000-27999'),
  audioHost: z.string().refine((address) => isIPv4(address), 'is not an IPv4 address in digits').optional(),
  conferenceProfile: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'is not the name of a conference profile').default('outdial'),
  holdingMusic: z.string().regex(/^[^\s,'"{}$]+$/, 'is not a stream or file without spaces, commas, quotes, braces and $').default('local_stream://outdial-hold'),
});

/** The `switch` section; a section without a kind is an Asterisk's. */
export const switchSection = z.preprocess(
  (content) => (typeof content === 'object' && content !== null && !('kind' in content) ? { kind: 'asterisk', ...content } : content),
  z.discriminatedUnion('kind', [asteriskSection, freeswitchSection]),
);

/** The keys that this kind of switch knows below `switch`. */
export function switchKeysOf(kind: SwitchKind): readonly string[] {
  return Object.keys(kind === 'asterisk' ? asteriskSection.shape : freeswitchSection.shape);
}
