import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AsteriskInstance, newPassword, pickAsteriskPorts, type AsteriskPorts, type Credentials } from './asterisk-instance.js';
import { findAsterisk, type AsteriskProgram } from './find-asterisk.js';
import { networkDialplan } from './network-dialplan.js';
import { networkFiles } from './network-files.js';
import { planNumbers, type NumberShares, type NumberTruth } from './number-plan.js';
import { projectFolder } from './project-folder.js';
import { makeSpeechClips } from './speech-clips.js';

/** What `startPublicNetwork` is told. */
export interface PublicNetworkOptions {
  /** Everything of the network lies in it; it is the caller's to remove. */
  readonly folder: string;
  /** Equal seeds give each number the same fate. */
  readonly seed: number;
  /** Numbers in E.164 that get a fate; others but the fixed ones are not in service. */
  readonly numbers?: readonly string[];
  readonly shares?: NumberShares;
  /** Multiplies ringing, talk and patience, never speech: 1 is life, 0.2 a quick demo. Default 1. */
  readonly timeScaleRatio?: number;
  /** Mean talk of a person, before scaling. Default 45 s. */
  readonly talkMsMean?: number;
  /** More of extensions.conf, e.g. numbers of a test's own, from the folder in which they record what they hear. */
  readonly moreDialplan?: (heardFolder: string) => string;
  /** Default: what `findAsterisk` finds. */
  readonly program?: AsteriskProgram;
  /** Default: free ones. */
  readonly ports?: AsteriskPorts;
  /** Told what is being made on first use. */
  readonly say?: (line: string) => void;
}

/** A running public telephone network. */
export interface PublicNetwork {
  readonly host: string;
  readonly sipPort: number;
  /** The network's own ARI, for tests that want to hear or do what the far side does. */
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  /** What is at each number. */
  readonly truth: ReadonlyMap<string, NumberTruth>;
  /** WAV files of what voicemails and `toneAndRecord` heard, named by the number dialled. */
  readonly heardFolder: string;
  readonly pid: number | undefined;
  /** Somebody out there calls the PBX; resolves when the call is on its way. */
  callPbx(pbx: { readonly host: string; readonly sipPort: number }, toNumber: string, fromNumber: string): Promise<void>;
  /** Ends it: for the PBX the trunk is down. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Stops it, if it runs, and starts it on the same ports. */
  restart(): Promise<void>;
}

/**
 * Starts a second Asterisk that plays the public telephone network: it takes
 * every call on the loopback address, and the number dialled says who answers.
 */
export async function startPublicNetwork(options: PublicNetworkOptions): Promise<PublicNetwork> {
  const program = options.program ?? (await findAsterisk());
  const clips = await makeSpeechClips(options.say);
  const ports = options.ports ?? (await pickAsteriskPorts());
  const truth = planNumbers({ ...options, numbers: options.numbers ?? [], speakerCount: clips.speakerCount });
  const login: Credentials = { user: 'network', password: newPassword() };
  const heardFolder = join(options.folder, 'heard');
  mkdirSync(heardFolder, { recursive: true });
  const instance = await AsteriskInstance.start({
    program, ports,
    ami: login,
    folder: options.folder,
    files: networkFiles(ports, login, `${networkDialplan(truth.values(), heardFolder)}${options.moreDialplan?.(heardFolder) ?? ''}\n${CALLER}`),
    sounds: { lab: clips.folder },
    dialplanFolder: join(projectFolder(), 'dialplan'),
  });
  const ariUrl = `http://127.0.0.1:${ports.http}`;
  return {
    host: '127.0.0.1',
    sipPort: ports.sip,
    ariUrl, ariUser: login.user, ariPassword: login.password,
    truth, heardFolder,
    get pid() {
      return instance.pid;
    },
    callPbx: (pbx, toNumber, fromNumber) =>
      originate(ariUrl, login, `PJSIP/outward/sip:${toNumber}@${pbx.host}:${pbx.sipPort}`, fromNumber),
    stop: () => instance.stop(),
    kill: () => instance.kill(),
    async restart() {
      await instance.stop();
      await instance.start();
    },
  };
}

/** A caller from the network says hello and talks as the people there do. */
const CALLER = '[caller]\nexten => s,1,Gosub(person,s,1(0,0.50,person-1,0,2.00,30,))\n';

async function originate(ariUrl: string, login: Credentials, endpoint: string, fromNumber: string): Promise<void> {
  const query = new URLSearchParams({ endpoint, callerId: fromNumber, context: 'caller', extension: 's', priority: '1', timeout: '30' });
  const answer = await fetch(`${ariUrl}/ari/channels?${query.toString()}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}` },
  });
  if (!answer.ok) throw new Error(`The network could not call ${endpoint}: ${answer.status} ${await answer.text()}`);
}
