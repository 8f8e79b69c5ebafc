import type { OutdialConfig } from '../../config/outdial-config.js';
import { AriProbe } from './ari-probe.js';
import type { AmiProbe } from './ami-probe.js';
import { checkAmiRights, checkPhones, checkTrunks, openAmi } from './check-ami.js';
import { checkAri } from './check-ari.js';
import { checkDisks, checkLimits, checkNameLookup, checkSettings } from './check-machine.js';
import { checkModules } from './check-modules.js';
import { checkRecording } from './check-recording.js';
import { checkSounds } from './check-sounds.js';
import { fail, type Finding } from './finding.js';
import { TrialChannel } from './trial-channel.js';

/** Looks at switch and machine; changes nothing and dials nobody. */
export async function examine(config: OutdialConfig): Promise<readonly Finding[]> {
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
  findings.push(...(await checkNameLookup(config)), ...checkLimits(), ...(await checkDisks(config)));
  return findings;
}

/** What needs an audio channel: playing and recording. */
async function checkAudio(ari: AriProbe, ami: AmiProbe | undefined, config: OutdialConfig): Promise<readonly Finding[]> {
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
