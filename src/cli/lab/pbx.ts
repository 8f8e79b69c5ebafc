import { join } from 'node:path';
import type { ConfigFiles } from './asterisk-folder.js';
import { AsteriskInstance, newPassword, pickAsteriskPorts, type AsteriskPorts, type Credentials } from './asterisk-instance.js';
import { findAsterisk, type AsteriskProgram } from './find-asterisk.js';
import { projectFolder } from './project-folder.js';

/** A desk phone as the PBX knows it. */
export interface PhoneAccount {
  /** SIP user and endpoint name, e.g. `1001`. */
  readonly name: string;
  readonly password: string;
}

/** What `startPbx` is told. */
export interface PbxOptions {
  /** Everything of the PBX lies in it; it is the caller's to remove. */
  readonly folder: string;
  /** Where calls to the public network go. */
  readonly trunk: { readonly host: string; readonly port: number };
  readonly phones: readonly PhoneAccount[];
  /** Default: what `findAsterisk` finds. */
  readonly program?: AsteriskProgram;
  /** Default: free ones. */
  readonly ports?: AsteriskPorts;
  /** Seconds between two OPTIONS to the trunk. Default 3, so that a lab knows its trunk soon after the start. */
  readonly trunkQualifySeconds?: number;
  /** Seconds between two OPTIONS to each phone. Default 15, as in dialplan/. */
  readonly phoneQualifySeconds?: number;
  /** What the site has beside the product: its own dialplan, modules and files. */
  readonly additions?: PbxAdditions;
}

/** What an admin has added to a PBX for purposes of his own. */
export interface PbxAdditions {
  /** More of extensions.conf. */
  readonly dialplan: string;
  /** Names of modules, such as `app_amd`. */
  readonly modules: readonly string[];
  /** More files of the configuration folder. */
  readonly files: ConfigFiles;
}

/** A running PBX. */
export interface Pbx {
  readonly program: AsteriskProgram;
  readonly host: string;
  /** e.g. `http://127.0.0.1:20001` */
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  readonly amiPort: number;
  readonly amiUser: string;
  readonly amiPassword: string;
  readonly sipPort: number;
  readonly httpPort: number;
  /** The endpoint name of the trunk. */
  readonly trunkName: string;
  /** Where ARI's stored recordings lie. */
  readonly recordingsFolder: string;
  /** The sounds folder; the product's own are below it in `outdial/`. */
  readonly soundsFolder: string;
  readonly configFolder: string;
  /** Warnings and errors of the switch. */
  readonly messagesFile: string;
  readonly pid: number | undefined;
  /** Ends every call and the switch; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Stops it, if it runs, and starts it with the same ports and passwords. */
  restart(): Promise<void>;
}

const TRUNK = 'trunk';
const TRUNK_QUALIFY_SECONDS = 3;

/**
 * Starts the PBX that a customer would have: exactly the files of dialplan/,
 * included the way dialplan/README.md tells an admin to, with this lab's
 * addresses and passwords in the place of the site's own files.
 */
export async function startPbx(options: PbxOptions): Promise<Pbx> {
  const program = options.program ?? (await findAsterisk());
  const ports = options.ports ?? (await pickAsteriskPorts());
  const ari: Credentials = { user: 'outdial', password: newPassword() };
  const ami: Credentials = { user: 'outdial', password: newPassword() };
  const instance = await AsteriskInstance.start({
    program, ports, ami,
    folder: options.folder,
    files: { ...adminFiles(options.additions), ...siteFiles(options, ports, ari, ami), ...options.additions?.files },
    sounds: { outdial: join(projectFolder(), 'sounds') },
    dialplanFolder: join(projectFolder(), 'dialplan'),
  });
  return {
    program,
    host: '127.0.0.1',
    ariUrl: `http://127.0.0.1:${ports.http}`,
    ariUser: ari.user, ariPassword: ari.password,
    amiPort: ports.ami, amiUser: ami.user, amiPassword: ami.password,
    sipPort: ports.sip, httpPort: ports.http,
    trunkName: TRUNK,
    recordingsFolder: instance.folder.recordingsFolder,
    soundsFolder: instance.folder.soundsFolder,
    configFolder: instance.folder.configFolder,
    messagesFile: join(instance.folder.root, 'log/messages.log'),
    get pid() {
      return instance.pid;
    },
    stop: () => instance.stop(),
    kill: () => instance.kill(),
    async restart() {
      await instance.stop();
      await instance.start();
    },
  };
}

/** An admin's own files, as dialplan/README.md gives them. */
export function adminFiles(additions?: PbxAdditions): ConfigFiles {
  const moreModules = additions?.modules.map((name) => `load=${name}.so\n`) ?? [];
  return {
    'modules.conf': `[modules]\nautoload=no\n#include outdial/modules-outdial.conf\n${moreModules.join('')}`,
    'extensions.conf': `#include outdial/extensions-outdial.conf\n${additions?.dialplan ?? ''}`,
    'pjsip.conf': [
      '#include outdial/pjsip-outdial-transport.conf',
      '#include outdial/pjsip-outdial-trunk.conf',
      '#include outdial/pjsip-outdial-phones.conf',
      '#include outdial-site/pjsip-site.conf',
      '',
    ].join('\n'),
    'ari.conf': withSite('ari'),
    'manager.conf': withSite('manager'),
    'http.conf': withSite('http'),
    'rtp.conf': withSite('rtp'),
  };
}

function withSite(name: string): string {
  return `[general]\n#include outdial/${name}-outdial.conf\n#include outdial-site/${name}-site.conf\n`;
}

/** Copies of dialplan/site/*.sample with this lab's values. */
function siteFiles(options: PbxOptions, ports: AsteriskPorts, ari: Credentials, ami: Credentials): ConfigFiles {
  return {
    'outdial-site/ari-site.conf': `[${ari.user}]\ntype=user\nread_only=no\npassword=${ari.password}\n`,
    'outdial-site/manager-site.conf': [
      '[general](+)', 'bindaddr=127.0.0.1', `port=${ports.ami}`,
      `[${ami.user}](outdial-manager-user)`, `secret=${ami.password}`,
      'deny=0.0.0.0/0.0.0.0', 'permit=127.0.0.1/255.255.255.255', '',
    ].join('\n'),
    'outdial-site/http-site.conf': `bindaddr=127.0.0.1\nbindport=${ports.http}\n`,
    'outdial-site/rtp-site.conf': `rtpstart=${ports.rtp.first}\nrtpend=${ports.rtp.last}\n`,
    'outdial-site/pjsip-site.conf': pjsipSite(options, ports),
  };
}

function pjsipSite(options: PbxOptions, ports: AsteriskPorts): string {
  const trunkQualify = `qualify_frequency=${options.trunkQualifySeconds ?? TRUNK_QUALIFY_SECONDS}`;
  const phoneQualify = options.phoneQualifySeconds === undefined ? [] : [`qualify_frequency=${options.phoneQualifySeconds}`];
  const phones = options.phones.flatMap(({ name, password }) => [
    `[${name}](site-phone)`, `auth=${name}`, `aors=${name}`, `callerid="Agent ${name}" <${name}>`,
    `[${name}](outdial-phone-auth)`, `username=${name}`, `password=${password}`,
    `[${name}](outdial-phone-aor)`, ...phoneQualify,
  ]);
  return [
    '[global]', 'type=global',
    // Phones and trunk share one address here, so a phone is known by its user first.
    'endpoint_identifier_order=username,ip',
    '[transport-udp](outdial-transport-udp)', `bind=127.0.0.1:${ports.sip}`,
    `[${TRUNK}](outdial-trunk-endpoint)`, `aors=${TRUNK}`, 'media_address=127.0.0.1',
    `[${TRUNK}](outdial-trunk-aor)`, `contact=sip:${options.trunk.host}:${options.trunk.port}`, trunkQualify,
    `[${TRUNK}](outdial-trunk-identify)`, `endpoint=${TRUNK}`, `match=${options.trunk.host}`,
    '[site-phone](!,outdial-phone-endpoint)', 'media_address=127.0.0.1',
    ...phones, '',
  ].join('\n');
}
