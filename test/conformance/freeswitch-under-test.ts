import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findFreeswitch } from '../../src/cli/lab/find-freeswitch.js';
import { startFreeswitchPbx } from '../../src/cli/lab/freeswitch-pbx.js';
import { FreeswitchSocket, type FreeswitchLogin } from '../../src/cli/lab/freeswitch-socket.js';
import { findFreePorts } from '../../src/cli/lab/free-ports.js';
import { newPassword } from '../../src/cli/lab/asterisk-instance.js';
import { projectFolder } from '../../src/cli/lab/project-folder.js';
import type { AudioPorts } from '../../src/telephony/freeswitch/freeswitch-config.js';
import { untilQuiet } from './lab-tools.js';

/** A real FreeSWITCH that the suite runs on. */
export interface FreeswitchUnderTest {
  /** Which one it is, for the report. */
  readonly description: string;
  readonly login: FreeswitchLogin;
  /** SIP for desk phones. */
  readonly sipPort: number;
  readonly phone: { readonly name: string; readonly password: string };
  /** Where the gateway of `gateway` sends calls: the port that the lab's public network has to be on. */
  readonly networkSipPort: number;
  readonly gateway: string;
  /** A gateway whose peer does not answer. */
  readonly downGateway: string;
  readonly soundsFolder: string;
  readonly recordingsFolder: string;
  readonly audioPorts: AudioPorts;
  /** Ends the switch with every call on it and starts it again. */
  restart(): Promise<void>;
  /** Takes it down where it was started for the suite. */
  end(): Promise<void>;
}

const PHONE = '1001';
const GATEWAY = 'trunk';
const DOWN_GATEWAY = 'trunk-down';
const VARIABLE = 'FREESWITCH_ESL';
/** Where freeswitch-conf/ says that they are when the site says nothing. */
const AUDIO_PORTS_DEFAULT: AudioPorts = { host: '127.0.0.1', first: 27_000, last: 27_999 };
/** A gateway that leads nowhere: nobody listens on the discard port. */
const DOWN_GATEWAY_XML = `
  <gateway name="${DOWN_GATEWAY}">
    <param name="proxy" value="127.0.0.1:9"/>
    <param name="register" value="false"/>
    <param name="username" value="nobody"/>
    <param name="password" value="nobody"/>
    <param name="ping" value="5"/>
  </gateway>
</include>`;

/** Why there is no real FreeSWITCH to run on; undefined when there is one. */
export async function missingFreeswitch(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (environment[VARIABLE] !== undefined) return undefined;
  return (await findFreeswitch()).missing;
}

/**
 * The server that FREESWITCH_ESL=host:port:password names, which a site has set
 * up with freeswitch-conf/ (docs/CONTRIBUTING.md says how for this suite), or
 * one of the machine's own program, started on exactly those files.
 */
export function findFreeswitchUnderTest(folder: string): Promise<FreeswitchUnderTest> {
  const named = process.env[VARIABLE];
  return named === undefined ? startOne(folder) : attach(named);
}

async function startOne(folder: string): Promise<FreeswitchUnderTest> {
  const [networkSipPort = 0] = await findFreePorts(1);
  const password = newPassword();
  mkdirSync(folder, { recursive: true });
  const pbx = await startFreeswitchPbx({
    folder,
    trunk: { host: '127.0.0.1', port: networkSipPort },
    phones: [{ name: PHONE, password }],
  });
  const gatewaysFile = path.join(pbx.configFolder, 'outdial-site/gateways-site.xml');
  writeFileSync(gatewaysFile, readFileSync(gatewaysFile, 'utf8').replace(/<\/include>\s*$/, DOWN_GATEWAY_XML));
  await pbx.restart();
  return {
    description: `FreeSWITCH ${pbx.program.version}, started on freeswitch-conf/`,
    login: { host: pbx.host, port: pbx.eslPort, password: pbx.eslPassword },
    sipPort: pbx.sipPort,
    phone: { name: PHONE, password },
    networkSipPort,
    gateway: pbx.gatewayName,
    downGateway: DOWN_GATEWAY,
    soundsFolder: pbx.soundsFolder,
    recordingsFolder: pbx.recordingsFolder,
    audioPorts: { host: pbx.host, ...pbx.audioPorts },
    restart: () => pbx.restart(),
    end: () => pbx.stop(),
  };
}

/** Everything the suite has to know is asked of the server itself. */
async function attach(named: string): Promise<FreeswitchUnderTest> {
  const [, host = '', port = '', password = ''] = /^([^:]+):(\d+):(.+)$/.exec(named) ?? [];
  if (password === '') throw new Error(`${VARIABLE} must be host:port:password, not "${named}".`);
  const login = { host, port: Number(port), password };
  const socket = await FreeswitchSocket.open(login);
  try {
    const version = /Version (\S+?)[~-]/.exec(await socket.api('version'))?.[1] ?? 'unknown';
    const profile = await socket.api('sofia xmlstatus profile outdial-phones');
    const gateway = await socket.api(`sofia xmlstatus gateway ${GATEWAY}`);
    const domain = await socket.api('global_getvar domain');
    return {
      description: `FreeSWITCH ${version} at ${host}:${port} (${VARIABLE})`,
      login,
      sipPort: numberIn(profile, /<url>sip:[^<]*:(\d+)/, 'the port of profile outdial-phones'),
      phone: { name: PHONE, password: await socket.api(`user_data ${PHONE}@${domain} param password`) },
      networkSipPort: numberIn(gateway, /<proxy>sip:[^<]*:(\d+)/, `the port of gateway ${GATEWAY}`),
      gateway: GATEWAY,
      downGateway: DOWN_GATEWAY,
      soundsFolder: path.join(projectFolder(), 'sounds'),
      recordingsFolder: await socket.api('global_getvar recordings_dir'),
      audioPorts: AUDIO_PORTS_DEFAULT,
      restart: () => restartServer(login),
      end: () => Promise.resolve(),
    };
  } finally {
    socket.close();
  }
}

function numberIn(words: string, pattern: RegExp, what: string): number {
  const found = pattern.exec(words)?.[1];
  if (found === undefined) throw new Error(`The server does not tell ${what}: it needs the files of freeswitch-conf/ (${words.slice(0, 80)}).`);
  return Number(found);
}


async function restartServer(login: FreeswitchLogin): Promise<void> {
  const before = await FreeswitchSocket.open(login);
  const core = await before.api('global_getvar core_uuid');
  // Not `now`: it would end and not start again. The connection may be gone before the reply.
  await before.api('fsctl shutdown restart').catch(() => undefined);
  before.close();
  await untilQuiet('the server up again', async () => {
    const socket = await FreeswitchSocket.open(login).catch(() => undefined);
    if (socket === undefined) return false;
    const status = await socket.api('sofia status').catch(() => '');
    const now = await socket.api('global_getvar core_uuid').catch(() => core);
    socket.close();
    return now !== core && /outdial-phones\s+profile\s.*RUNNING/.test(status);
  });
}
