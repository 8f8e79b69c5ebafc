import type { AriProbe } from './ari-probe.js';
import { fail, ok, warn, type Finding } from '../finding.js';
import { textIn } from './text-in.js';

/** Modules the service needs, with what is off without them. */
const NEEDED_MODULES: Readonly<Record<string, string>> = {
  'app_stasis.so': 'calls cannot be handed to the service',
  'res_stasis.so': 'calls cannot be handed to the service',
  'res_stasis_answer.so': 'calls cannot be answered',
  'res_stasis_playback.so': 'nothing can be played',
  'res_stasis_snoop.so': 'nothing can be whispered to agents',
  'res_ari_applications.so': 'live calls are not found again after a gap',
  'res_ari_asterisk.so': 'the switch cannot be looked at',
  'res_ari_bridges.so': 'contacts and agents cannot be joined',
  'res_ari_channels.so': 'nothing can be dialled',
  'res_ari_endpoints.so': 'phones and trunks are not seen',
  'res_ari_events.so': 'no event arrives',
  'res_ari_playbacks.so': 'nothing can be stopped from playing',
  'res_http_websocket.so': 'no event arrives',
  'chan_pjsip.so': 'there is no SIP',
  'res_pjsip.so': 'there is no SIP',
  'res_pjsip_pubsub.so': 'chan_pjsip does not run, and says nothing',
  'res_pjsip_session.so': 'there is no SIP',
  'res_pjsip_sdp_rtp.so': 'calls have no audio',
  'res_rtp_asterisk.so': 'calls have no audio',
  'chan_rtp.so': 'who answered cannot be analysed',
  'app_mixmonitor.so': 'nothing is recorded',
  'bridge_simple.so': 'contacts and agents cannot be joined',
  'bridge_softmix.so': 'more than two parties cannot be joined',
  'codec_ulaw.so': 'sounds and call audio cannot be converted',
  'codec_alaw.so': 'European trunks have no audio',
  'format_wav.so': 'sounds are not found, and nothing is recorded',
  'func_hangupcause.so': 'less is known of why calls end',
};

/** Whether every module that is needed runs. */
export async function checkModules(ari: AriProbe): Promise<readonly Finding[]> {
  const answer = await ari.get('/asterisk/modules');
  if (answer.kind !== 'answer' || !Array.isArray(answer.body)) {
    return [warn('modules', 'The switch does not list its modules.', 'Load res_ari_asterisk.so.')];
  }
  const stateByName = new Map(answer.body.map((module: unknown) => [textIn(module, 'name') ?? '', textIn(module, 'status') ?? '']));
  const findings = Object.entries(NEEDED_MODULES).flatMap(([name, loss]) => {
    const state = stateByName.get(name);
    if (state === 'Running') return [];
    const isLoaded = state !== undefined;
    const cure = `In modules.conf: load=${name}, and no noload of it; dialplan/modules-outdial.conf has the whole list.${isLoaded ? ' It is loaded: one that it needs is missing, see the log of the switch.' : ''}`;
    return [fail('modules', `${name} ${isLoaded ? 'is loaded and does not run' : 'is not loaded'}: ${loss}.`, cure)];
  });
  return findings.length > 0 ? findings : [ok('modules', `All ${String(Object.keys(NEEDED_MODULES).length)} modules that are needed run.`)];
}
