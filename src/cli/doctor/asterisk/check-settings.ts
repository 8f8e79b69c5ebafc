import { ok, warn, type Finding } from '../finding.js';
import type { AmiProbe } from './ami-probe.js';

/** Chosen: each call takes up to eight (two RTP ports a leg, a tap, a recording); 300 calls fit well. */
const OPEN_FILES_MIN = 4_096;

/** What the switch's own settings say about sound and load. */
export async function checkSettings(ami: AmiProbe): Promise<readonly Finding[]> {
  const [answer] = await ami.ask({ Action: 'Command', Command: 'core show settings' });
  const output = answer?.['output'] ?? '';
  if (output === '') {
    return [warn('settings', 'The settings of the switch could not be read.', 'Give the AMI user write=command in manager.conf.')];
  }
  const findings: Finding[] = [];
  const [, silence] = /Transmit silence during rec:\s*(\w+)/i.exec(output) ?? [];
  findings.push(
    silence === 'Disabled'
      ? warn('transmit-silence', 'The switch sends no audio packets while nobody is played to or talked to: phones show a dead line, NAT holes close.', 'Set transmit_silence=yes in asterisk.conf (dialplan/asterisk-outdial.conf) and restart the switch.')
      : ok('transmit-silence', 'The switch goes on sending audio in silence.'),
  );
  const [, handles] = /Maximum open file handles:\s*(\d+)/i.exec(output) ?? [];
  if (handles !== undefined && Number(handles) > 0 && Number(handles) < OPEN_FILES_MIN) {
    findings.push(warn('switch-open-files', `The switch may open ${handles} files and sockets, which is enough for some ${String(Math.floor(Number(handles) / 8))} calls.`, 'Set LimitNOFILE=65536 in the systemd unit of Asterisk.'));
  } else findings.push(ok('switch-open-files', 'The switch may open enough files and sockets.'));
  return findings;
}
