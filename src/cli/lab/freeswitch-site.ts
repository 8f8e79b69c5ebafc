import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FreeswitchPorts } from './freeswitch-ports.js';
import type { PhoneAccount } from './pbx.js';
import { projectFolder } from './project-folder.js';

/** What an admin would write into the site's own files. */
export interface FreeswitchSite {
  readonly ports: FreeswitchPorts;
  readonly eslPassword: string;
  readonly holdFolder: string;
  readonly trunk: { readonly host: string; readonly port: number };
  /** Seconds between two OPTIONS to the trunk, 5 at least; undefined keeps the product's own. */
  readonly trunkQualifySeconds: number | undefined;
  readonly phones: readonly PhoneAccount[];
}

/** The gateway's name in the sample, which the lab keeps. */
export const GATEWAY = 'trunk';

/** Fills copies of freeswitch-conf/site/*.sample, as its README tells an admin to, and puts them into `folder`. */
export function writeFreeswitchSite(folder: string, site: FreeswitchSite): void {
  mkdirSync(folder, { recursive: true });
  const samples = join(projectFolder(), 'freeswitch-conf/site');
  for (const sample of readdirSync(samples)) {
    const name = sample.replace(/\.sample$/, '');
    const fill = FILLED[name];
    if (fill === undefined) throw new Error(`The lab does not know what a site writes into ${name}.`);
    writeFileSync(join(folder, name), fill(readFileSync(join(samples, sample), 'utf8'), site));
  }
}

const FILLED: Readonly<Record<string, (sample: string, site: FreeswitchSite) => string>> = {
  'vars-site.xml': fillValues,
  // The sample lets this machine in, which is where the lab's service runs.
  'acl-service-site.xml': (sample) => sample,
  'acl-trunk-site.xml': (sample, { trunk }) => replaced(sample, '192.0.2.10/32', `${trunk.host}/32`),
  'gateways-site.xml': fillGateway,
  'phones-site.xml': (sample, { phones }) => {
    const user = /^ *<user .*<\/user>\n/ms.exec(sample)?.[0];
    if (user === undefined) throw new Error('The sample of the phones holds no user.');
    const users = phones.map(({ name, password }) => replaced(user.replaceAll('1001', name), 'change-this-long-random-password', password));
    return sample.replace(user, () => users.join(''));
  },
};

function fillValues(sample: string, { ports, eslPassword, holdFolder }: FreeswitchSite): string {
  const values: Readonly<Record<string, string | number>> = {
    outdial_esl_port: ports.esl,
    outdial_esl_password: eslPassword,
    outdial_phones_ip: '127.0.0.1',
    outdial_phones_port: ports.sip,
    outdial_trunk_ip: '127.0.0.1',
    outdial_trunk_port: ports.trunkSip,
    outdial_rtp_first: ports.rtp.first,
    // FreeSWITCH counts even ports; the odd one behind the last is its RTCP.
    outdial_rtp_last: ports.rtp.last - (ports.rtp.last % 2),
    outdial_hold_folder: holdFolder,
  };
  return Object.entries(values).reduce(
    (text, [name, value]) => replaced(text, new RegExp(`data="${name}=[^"]*"`), `data="${name}=${value}"`),
    sample,
  );
}

function fillGateway(sample: string, { trunk, trunkQualifySeconds }: FreeswitchSite): string {
  const ping = trunkQualifySeconds === undefined ? '' : `\n    <param name="ping" value="${trunkQualifySeconds}"/>`;
  return replaced(sample, 'value="192.0.2.10:5060"/>', `value="${trunk.host}:${trunk.port}"/>${ping}`);
}

/** @throws Error when the sample no longer has what is to be replaced. */
function replaced(text: string, what: string | RegExp, by: string): string {
  const result = text.replace(what, () => by);
  if (result === text) throw new Error(`A sample of freeswitch-conf/site lacks ${String(what)}.`);
  return result;
}
