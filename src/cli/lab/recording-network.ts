import { join } from 'node:path';
import { AsteriskInstance, newPassword, pickAsteriskPorts } from './asterisk-instance.js';
import type { AsteriskProgram } from './find-asterisk.js';
import { NETWORK_CONTEXT } from './network-dialplan.js';
import { networkFiles } from './network-files.js';
import { projectFolder } from './project-folder.js';

/** What `startRecordingNetwork` is told. */
export interface RecordingNetworkOptions {
  /** Everything of the network lies in it; it is the caller's to remove. */
  readonly folder: string;
  readonly program: AsteriskProgram;
  /** Holds `<number>.ulaw`, bare µ-law at 8 kHz, for each number of digits that {@link recordingNumber} gives. */
  readonly recordingsFolder: string;
}

/** A running network whose every number is a recording. */
export interface RecordingNetwork {
  readonly host: string;
  readonly sipPort: number;
  /** Ends it. */
  stop(): Promise<void>;
}

/** The number at which recording `index` answers, in E.164: the country code 999 is nobody's. */
export const recordingNumber = (index: number): string => `+999${String(index).padStart(7, '0')}`;

/**
 * Starts an Asterisk that answers every call at once with the recording of the
 * number dialled, and then stays silent, but on the line, until it is hung up.
 */
export async function startRecordingNetwork(options: RecordingNetworkOptions): Promise<RecordingNetwork> {
  const ports = await pickAsteriskPorts();
  const login = { user: 'network', password: newPassword() };
  const instance = await AsteriskInstance.start({
    program: options.program,
    folder: options.folder,
    ports,
    ami: login,
    files: networkFiles(ports, login, DIALPLAN),
    sounds: { recordings: options.recordingsFolder },
    dialplanFolder: join(projectFolder(), 'dialplan'),
  });
  return { host: '127.0.0.1', sipPort: ports.sip, stop: () => instance.stop() };
}

/** Answer(,i) sends the 200 at once; what is bare µ-law is sent as it is. Wait() sends silence, never nothing. */
const DIALPLAN = `[${NETWORK_CONTEXT}]
exten => _+999X!,1,Answer(,i)
 same => n,Playback(recordings/\${EXTEN:1})
 same => n,Wait(3600)
 same => n,Hangup(16)
`;
