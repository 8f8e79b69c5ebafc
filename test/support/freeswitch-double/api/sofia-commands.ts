import { recordedAnswer } from '../recorded/recorded-answer.js';
import { localTime } from '../server/event-stamp.js';
import type { GatewayState, SwitchCore } from '../server/switch-core.js';
import { expireRegistration, phoneAddress } from '../outside/registrations.js';
import type { ApiCommand } from './api-command.js';
import { firstWord, NO_REPLY, OK } from './api-command.js';

/** The one SIP profile that the recorded switch had. */
const PROFILE = 'internal';

/** `sofia …`. */
export const sofiaCommand: ApiCommand = (core, args) => {
  const { word, rest } = firstWord(args);
  switch (word) {
    case 'status':
      return status(core, rest);
    case 'xmlstatus':
      return xmlStatus(core, rest);
    case 'profile':
      return onProfile(core, rest);
    default:
      return recordedAnswer('18-errors', 'sofia');
  }
};

function status(core: SwitchCore, rest: string): string {
  const [kind = '', name = '', what = ''] = rest.split(' ');
  if (kind === '') return overview(core);
  if (kind === 'gateway') {
    const gateway = core.gateways.get(name);
    return gateway === undefined ? 'Invalid Gateway!\n' : gatewayText(core, gateway);
  }
  if (name !== PROFILE) return 'Invalid Profile!\n';
  return what === 'reg' ? registrationText(core) : recordedAnswer('17-health', 'sofia status profile internal');
}

/** The recorded table with a line for each gateway. */
function overview(core: SwitchCore): string {
  const lines = recordedAnswer('17-health', 'sofia status').split('\n');
  const at = lines.findIndex((line) => line.includes('internal::carrier'));
  const recorded = lines[at] ?? '';
  const own = [...core.gateways.values()].map(({ name }) => recorded.replace('internal::carrier', `internal::${name}`));
  return lines.toSpliced(at, 1, ...own).join('\n');
}

function gatewayText(core: SwitchCore, gateway: GatewayState): string {
  const changes: Readonly<Record<string, string>> = {
    Name: gateway.name,
    Contact: `<sip:gw+${gateway.name}@127.0.0.1:5090;transport=udp;gw=${gateway.name}>`,
    Status: gateway.isReachable ? 'UP' : 'DOWN',
    Uptime: `${String(gateway.isReachable ? Math.floor(core.clock.nowMs / 1000) : 0)}s`,
    CallsOUT: String(gateway.callCount),
    FailedCallsOUT: String(gateway.failedCount),
  };
  return recordedAnswer('17-health', 'sofia status gateway carrier')
    .split('\n')
    .map((line) => {
      const name = line.split('\t')[0]?.trim() ?? '';
      return name in changes ? `${line.split('\t')[0] ?? ''}\t${changes[name] ?? ''}` : line;
    })
    .join('\n');
}

function xmlStatus(core: SwitchCore, rest: string): string {
  const [kind = '', name = '', what = ''] = rest.split(' ');
  if (kind === 'gateway') {
    const gateway = core.gateways.get(name);
    return gateway === undefined ? 'Invalid Gateway!\n' : gatewayXml(core, gateway);
  }
  if (kind === 'profile' && what === 'reg') return name === PROFILE ? registrationXml(core) : 'Invalid Profile!\n';
  return NO_REPLY;
}

function gatewayXml(core: SwitchCore, gateway: GatewayState): string {
  const changes: Readonly<Record<string, string>> = {
    name: gateway.name,
    contact: `&lt;sip:gw+${gateway.name}@127.0.0.1:5090;transport=udp;gw=${gateway.name}&gt;`,
    status: gateway.isReachable ? 'UP' : 'DOWN',
    'uptime-usec': String(gateway.isReachable ? Math.round(core.clock.nowMs * 1000) : 0),
    'calls-out': String(gateway.callCount),
    'failed-calls-out': String(gateway.failedCount),
  };
  return recordedAnswer('17-health', 'sofia xmlstatus gateway carrier').replace(/<([a-z-]+)>[^<]*<\/\1>/g, (whole, name: string) =>
    name in changes ? `<${name}>${changes[name] ?? ''}</${name}>` : whole,
  );
}

/** The recorded list with one block for each registration. */
function registrationText(core: SwitchCore): string {
  const recorded = recordedAnswer('17-health', 'sofia status profile internal reg');
  const from = recorded.indexOf('Call-ID:');
  const to = recorded.indexOf('Total items returned:');
  const block = recorded.slice(from, to);
  const blocks = [...core.registrations.values()].map(({ user, callId }) => block.replaceAll('phone-1000', callId).replaceAll('1000', user));
  const tail = recorded.slice(to).replace(/returned: \d+/, `returned: ${String(core.registrations.size)}`);
  return recorded.slice(0, from) + blocks.join('') + tail;
}

const secondsLeft = (core: SwitchCore, expiresAt: number): string => String(expiresAt - Math.floor(core.clock.epochMs / 1000));

/** Fields as mod_sofia 1.10.12 writes them (cmd_xml_status); the recordings hold only the text form. */
function registrationXml(core: SwitchCore): string {
  const { domain } = core.settings;
  const entries = [...core.registrations.values()].map(({ user, callId, expiresAt }) =>
    [
      '    <registration>',
      `        <call-id>${callId}</call-id>`,
      `        <user>${user}@${domain}</user>`,
      `        <contact>&quot;&quot; &lt;sip:${phoneAddress(core, user)}&gt;</contact>`,
      '        <agent>Desk-Phone/1.0</agent>',
      `        <status>Registered(UDP)(unknown) exp(${localTime(expiresAt * 1_000_000)}) expsecs(${secondsLeft(core, expiresAt)})</status>`,
      '        <ping-status>Reachable</ping-status>',
      '        <ping-time>0.00</ping-time>',
      '        <host>fs1</host>',
      '        <network-ip>127.0.0.1</network-ip>',
      '        <network-port>5081</network-port>',
      `        <sip-auth-user>${user}</sip-auth-user>`,
      `        <sip-auth-realm>${domain}</sip-auth-realm>`,
      `        <mwi-account>${user}@${domain}</mwi-account>`,
      '    </registration>\n',
    ].join('\n'),
  );
  return `<?xml version="1.0" encoding="ISO-8859-1"?>\n<profile>\n  <registrations>\n${entries.join('')}  </registrations>\n</profile>\n`;
}

function onProfile(core: SwitchCore, rest: string): string {
  const [profile = '', verb = '', what = ''] = rest.split(' ');
  if (profile !== PROFILE) return `Invalid Profile [${profile}]`;
  switch (verb) {
    case 'gwlist': {
      const isWanted = what !== 'down';
      const names = [...core.gateways.values()].filter(({ isReachable }) => isReachable === isWanted).map(({ name }) => `${name} `);
      return names.length === 0 ? NO_REPLY : names.join('');
    }
    case 'rescan':
      return 'Reload XML [Success]\n+OK scan complete\n';
    case 'register':
    case 'unregister':
      return OK;
    case 'killgw':
      return '+OK gateway marked for deletion.\n';
    case 'flush_inbound_reg':
      core.after(100, () => {
        for (const user of [...core.registrations.keys()].filter((one) => what === '' || what.startsWith(`${one}@`))) expireRegistration(core, user);
      });
      return '+OK flushing all registrations matching specified call_id\n';
    default:
      return `-ERR Unknown command!\n`;
  }
}

/** `sofia_contact [<profile>/]<user>@<domain>`: what to dial, or that there is nothing. */
export const sofiaContact: ApiCommand = (core, args) => {
  const user = (args.split('/').at(-1) ?? '').split('@')[0] ?? '';
  return core.registrations.has(user) ? `sofia/internal/sip:${phoneAddress(core, user)}` : 'error/user_not_registered';
};
