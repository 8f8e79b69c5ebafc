import { fail, type Finding } from '../finding.js';
import type { AsteriskSite } from '../site.js';
import type { AmiProbe } from './ami-probe.js';
import { AriProbe } from './ari-probe.js';
import { checkAmiRights, checkPhones, checkTrunks, openAmi } from './check-ami.js';
import { checkAri } from './check-ari.js';
import { checkModules } from './check-modules.js';
import { checkNameLookUp } from './check-name-look-up.js';
import { checkRecording } from './check-recording.js';
import { checkSettings } from './check-settings.js';
import { checkSounds } from './check-sounds.js';
import { TrialChannel } from './trial-channel.js';

/** Looks at an Asterisk, from its doors to what a call needs. */
export async function examineAsterisk(config: AsteriskSite): Promise<readonly Finding[]> {
  const ari = new AriProbe(config.switch.ari);
  const { findings: ariFindings, facts } = await checkAri(ari, config);
  const findings = [...ariFindings];
  if (facts !== undefined) findings.push(...(await checkModules(ari)));
  const { finding, ami } = await openAmi(config);
  findings.push(finding);
  try {
    if (ami !== undefined) {
      findings.push(...(await checkAmiRights(ami, config)), ...(await checkTrunks(ami, config)), ...(await checkPhones(ami, config)));
      findings.push(...(await checkSettings(ami)));
    }
    if (facts !== undefined) findings.push(...(await checkAudio(ari, ami, config)));
  } finally {
    ami?.close();
  }
  return [...findings, ...(await checkNameLookUp(config))];
}

/** What needs an audio channel: playing and recording. */
async function checkAudio(ari: AriProbe, ami: AmiProbe | undefined, config: AsteriskSite): Promise<readonly Finding[]> {
  const channel = await TrialChannel.open(ari, config);
  if (channel === undefined) {
    return [fail('audio', 'The switch makes no audio channel to the service: who answered cannot be analysed, and sounds and recording could not be tried.', 'Load chan_rtp.so, res_ari_channels.so and res_http_websocket.so.')];
  }
  try {
    return [...(await checkSounds(channel, config)), ...(ami === undefined ? [] : await checkRecording(channel, ami, config))];
  } finally {
    await channel.close();
  }
}
