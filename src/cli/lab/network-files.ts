import type { ConfigFiles } from './asterisk-folder.js';
import type { AsteriskPorts, Credentials } from './asterisk-instance.js';
import { NETWORK_CONTEXT } from './network-dialplan.js';

/** Modules of the network beyond those that any PBX needs. */
const MORE_MODULES = [
  'app_echo', 'app_playtones', 'app_read', 'app_record', 'app_senddtmf', 'app_stack', 'app_exec', 'func_logic', 'func_timeout', 'func_strings',
] as const;

/**
 * The configuration of an Asterisk that plays the far side of the trunk: it
 * takes every call on the loopback address into the context `network`.
 * @param dialplan the whole of extensions.conf.
 */
export function networkFiles(ports: AsteriskPorts, login: Credentials, dialplan: string): ConfigFiles {
  return {
    'modules.conf': [
      '[modules]', 'autoload=no', '#include outdial/modules-outdial.conf',
      ...MORE_MODULES.map((name) => `load=${name}.so`), '',
    ].join('\n'),
    'extensions.conf': dialplan,
    'pjsip.conf': `[transport-udp]
type=transport
protocol=udp
bind=127.0.0.1:${ports.sip}
[far-side](!)
type=endpoint
disallow=all
allow=ulaw,alaw
dtmf_mode=rfc4733
direct_media=no
rtp_symmetric=yes
media_address=127.0.0.1
[trunk](far-side)
context=${NETWORK_CONTEXT}
[trunk]
type=identify
endpoint=trunk
match=127.0.0.1
[outward](far-side)
context=${NETWORK_CONTEXT}
`,
    'ari.conf': `[general]\nenabled=yes\n[${login.user}]\ntype=user\nread_only=no\npassword=${login.password}\n`,
    'http.conf': `[general]\nenabled=yes\nbindaddr=127.0.0.1\nbindport=${ports.http}\nsessionlimit=2000\n`,
    'manager.conf': `[general]\nenabled=yes\nbindaddr=127.0.0.1\nport=${ports.ami}\n[${login.user}]\nsecret=${login.password}\nread=system\nwrite=system,command\n`,
    'rtp.conf': `[general]\nrtpstart=${ports.rtp.first}\nrtpend=${ports.rtp.last}\nicesupport=no\n`,
  };
}
