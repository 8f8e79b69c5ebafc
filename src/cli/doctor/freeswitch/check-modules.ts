import { fail, ok, type Finding } from '../finding.js';
import type { EslProbe } from './esl-probe.js';

/** Modules the service needs, with what is off without them. */
const NEEDED_MODULES: Readonly<Record<string, string>> = {
  mod_event_socket: 'the service has no way to the switch',
  mod_commands: 'nothing can be dialled, moved or looked at',
  mod_dptools: 'calls can neither wait nor be played to',
  mod_sofia: 'there is no SIP',
  mod_conference: 'contacts and agents cannot be joined',
  mod_sndfile: 'sounds are not found, and nothing is recorded',
  mod_tone_stream: 'no tones and no silence can be played',
  mod_local_stream: 'there is no holding music',
  mod_dialplan_xml: 'calls of phones and carriers do not come in',
};

/** Whether every module that is needed is loaded. */
export async function checkModules(esl: EslProbe): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [name, loss] of Object.entries(NEEDED_MODULES)) {
    if ((await esl.ask(`module_exists ${name}`)) === 'true') continue;
    findings.push(fail('modules', `${name} is not loaded: ${loss}.`, `Add <load module="${name}"/> to modules.conf (freeswitch-conf/modules-outdial.xml has the whole list) and run "load ${name}"; does that fail, see the log of the switch.`));
  }
  if (findings.length === 0) findings.push(ok('modules', `All ${String(Object.keys(NEEDED_MODULES).length)} modules that are needed are loaded.`));
  return [...findings, await beepFinding(esl)];
}

/** The service listens for beeps itself; the switch's own detector is no loss, but worth knowing. */
async function beepFinding(esl: EslProbe): Promise<Finding> {
  const isThere = (await esl.ask('module_exists mod_avmd')) === 'true';
  return ok('beep-detector', isThere ? 'mod_avmd is loaded too; the service hears a voicemail\'s beep without it.' : 'mod_avmd is not loaded; the service hears a voicemail\'s beep without it.');
}
